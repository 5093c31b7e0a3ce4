import Glibc

/// A WAV file that is kept in memory, so that playing it waits for no disk.
package struct Recording: Sendable {
  /// The most bytes of a file: six minutes of 16-bit stereo at 44.1 kHz.
  private static let largest = 64 << 20

  package var format: PCMFormat { decoder.format }
  /// Frames.
  package let count: Int
  /// Lines about its sound, for operators.
  package let remarks: [String]
  private let decoder: FrameDecoder
  /// Bytes from the file's start to its samples.
  private let firstByte: Int
  private let bytes: [UInt8]

  /// Reads the whole file. An error is unusable (`SourceError.isUnusable`) where the file is there and is no recording.
  package init(path: String) throws(SourceError) {
    func failed(_ reason: String) -> SourceError { SourceError("file:\(path): \(reason)") }
    func unusable(_ reason: String) -> SourceError { .unusable("file:\(path): \(reason)") }
    // fifo(7): without O_NONBLOCK, opening a named pipe waits for a writer.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failed(String(cString: strerror(errno))) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw unusable("it is not a regular file")
    }
    guard status.st_size <= Self.largest else {
      throw unusable("it has \(status.st_size) bytes: \(Self.largest) are kept in memory at most")
    }
    var bytes = [UInt8](repeating: 0, count: status.st_size)
    guard Glibc.read(file, &bytes, bytes.count) == bytes.count else { throw failed("it can't be read whole") }
    do {
      let header = try WAVHeader(bytes, fileLength: bytes.count)
      decoder = try FrameDecoder(header, chosen: [])
      firstByte = header.dataOffset
      count = header.dataLength / decoder.unitLength * decoder.framesPerUnit
      remarks = [header.remark, decoder.remark].compactMap(\.self)
    } catch {
      throw unusable(error.description)
    }
    self.bytes = bytes
  }

  /// `count` interleaved frames at full scale 2^31, from frame `start` on. The first frame follows the last one.
  package func frames(from start: Int, count: Int) -> [Int32] {
    let perUnit = decoder.framesPerUnit
    var (frames, position): ([Int32], Int) = ([], start)
    while frames.count < count * format.channels {
      let length = min(count - frames.count / format.channels, self.count - position)
      let units = position / perUnit..<(position + length + perUnit - 1) / perUnit
      let place = firstByte + units.lowerBound * decoder.unitLength
      var decoded: [Int32] = []
      bytes.withUnsafeBytes {
        decoder.decode(
          UnsafeRawBufferPointer(rebasing: $0[place..<place + units.count * decoder.unitLength]), into: &decoded)
      }
      frames += decoded.dropFirst(position % perUnit * format.channels).prefix(length * format.channels)
      position = (position + length) % self.count
    }
    return frames
  }
}
