import Audio
import Glibc
import System

/// The bytes of a recording's file, read on a thread that may wait for the disk.
final class StoredBytes: EncodedBytes {
  private let descriptor: Int32
  private let path: String
  /// Bytes of the file when it was opened.
  let count: Int
  /// The place of the next bytes for a decoder.
  var position = 0
  /// Whether the decoder is to have no more.
  var isStopped: () -> Bool = { false }

  init(path: String) throws(SystemError) {
    // O_NONBLOCK: the open of a named pipe would wait for its writer.
    descriptor = try SystemError.check("open", open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), of: path)
    self.path = path
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw SystemError(call: "fstat", code: EINVAL, subject: path)
    }
    count = Int(status.st_size)
  }

  deinit {
    close(descriptor)
  }

  /// Bytes from a place on; fewer at the end of the file.
  func read(_ range: Range<Int>) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    let filled = try bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(SystemError) in try read(from: range.lowerBound, into: buffer) }
    }.get()
    return filled == bytes.count ? bytes : Array(bytes.prefix(filled))
  }

  /// Fills a buffer with the bytes from a place on.
  /// - Returns: the number of bytes; fewer than the buffer has at the end of the file.
  func read(from place: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let step = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(place + filled))
      if try SystemError.check("pread", step, of: path) == 0 { break }
      filled += step
    }
    return filled
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard !isStopped() else { return 0 }
    let step = pread(descriptor, buffer.baseAddress!, buffer.count, off_t(position))
    guard step > 0 else { return 0 }
    position += step
    return step
  }
}
