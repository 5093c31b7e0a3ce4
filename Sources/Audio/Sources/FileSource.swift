import Glibc
package import System

/// Plays a WAV file at real-time pace, once or over and over without a seam.
package struct FileSource: Source {
  private static let longestHeader = 1 << 20

  private let file: Int32
  private let path: String
  private let header: WAVHeader
  private let blockSize: Int
  private let loops: Bool
  private let pacer: Pacer
  private var position = 0
  /// Bytes of samples read since the file's beginning was played last.
  private var offset = 0
  private var raw: [UInt8]

  /// Opens the file and reads its header. The descriptor lives as long as the process.
  /// - Parameter blockSize: frames a block.
  package init(path: String, loops: Bool, blockSize: Int) throws(SourceError) {
    func failed(_ reason: String) -> SourceError { SourceError("file:\(path): \(reason)") }
    file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failed(String(cString: strerror(errno))) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw failed("it is not a regular file")
    }
    var head = [UInt8](repeating: 0, count: min(Self.longestHeader, status.st_size))
    let count = pread(file, &head, head.count, 0)
    guard count >= 0 else { throw failed(String(cString: strerror(errno))) }
    do {
      header = try WAVHeader(Array(head.prefix(count)), fileLength: status.st_size)
    } catch {
      throw failed(error.description)
    }
    self.path = path
    self.blockSize = blockSize
    self.loops = loops
    raw = [UInt8](repeating: 0, count: blockSize * header.format.channels * header.sampleFormat.bytes)
    pacer = Pacer(rate: header.format.sampleRate)
  }

  package var format: PCMFormat { header.format }

  package var summary: String {
    "file \(path), \(header.sampleFormat), \(format.sampleRate) Hz, \(format.channels) channels"
  }

  package mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    block.removeAll(keepingCapacity: true)
    guard !stop.isRaised else { return .end }
    if offset == header.dataLength, loops { offset = 0 }
    let wanted = min(raw.count, header.dataLength - offset)
    guard wanted > 0 else { return .end }
    let count = pread(file, &raw, wanted, header.dataOffset + offset)
    guard count == wanted else {
      throw SourceError("file:\(path): \(count < 0 ? String(cString: strerror(errno)) : "it has become shorter")")
    }
    offset += count
    raw.withUnsafeBytes { header.sampleFormat.decode(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: &block) }
    position += block.count / format.channels
    pacer.wait(untilFrame: position)
    return .sound
  }
}
