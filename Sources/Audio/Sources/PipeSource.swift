import Glibc
package import System

/// Reads raw interleaved signed 16-bit little-endian samples from a descriptor, standard input as a rule.
///
/// The descriptor is read at real-time pace, so that a producer that runs ahead is held back and loses nothing. After a
/// stall the waiting samples are read faster than real time. No sample is made up.
package struct PipeSource: Source {
  /// A producer with a clock of its own may be a little faster than ours, and would lose sound when the pipe is full.
  /// While the pipe is more than half full we read faster by this much, which is more than any crystal is off.
  private static let hasteInPartsPerMillion = 200

  package let format: PCMFormat
  private let descriptor: Int32
  private let capacity: Int
  private var pacer: Pacer
  private var position = 0
  private var raw: [UInt8]
  /// Bytes at the front of `raw` of a frame that is not complete yet.
  private var pending = 0

  /// - Parameter blockSize: the most frames a block.
  package init(descriptor: Int32, format: PCMFormat, blockSize: Int) {
    self.descriptor = descriptor
    self.format = format
    raw = [UInt8](repeating: 0, count: blockSize * format.channels * 2)
    // Linux's F_GETPIPE_SZ. A file or a socket has no such size, and need not be read faster.
    let pipeSize = fcntl(descriptor, 1032)
    capacity = pipeSize > 0 ? Int(pipeSize) : .max
    pacer = Pacer(rate: format.sampleRate)
  }

  package var summary: String { "standard input, int16, \(format.sampleRate) Hz, \(format.channels) channels" }

  package mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    block.removeAll(keepingCapacity: true)
    let frame = format.channels * 2
    while true {
      guard try awaitInput(stop) else { return .end }
      let count = raw.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + pending, $0.count - pending) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count >= 0 else { throw SourceError("stdin: \(String(cString: strerror(errno)))") }
      guard count > 0 else { return .end }
      let whole = (pending + count) / frame * frame
      let rest = pending + count - whole
      raw.withUnsafeBytes { SampleFormat.int16.decode(UnsafeRawBufferPointer(rebasing: $0[..<whole]), into: &block) }
      raw.replaceSubrange(0..<rest, with: Array(raw[whole..<whole + rest]))
      pending = rest
      if whole > 0 { break }
    }
    pace(frames: block.count / format.channels)
    return .sound
  }

  /// Waits until there is something to read; false once `stop` is raised.
  private func awaitInput(_ stop: StopSignal) throws(SourceError) -> Bool {
    while !stop.isRaised {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let count = poll(&request, 1, 100)
      if count > 0 { return true }
      if count < 0, errno != EINTR { throw SourceError("stdin: \(String(cString: strerror(errno)))") }
    }
    return false
  }

  private mutating func pace(frames: Int) {
    // Real time begins with the first sound.
    if position == 0 { pacer = Pacer(rate: format.sampleRate) }
    var waiting: Int32 = 0
    if ioctl(descriptor, UInt(FIONREAD), &waiting) == 0, Int(waiting) > capacity / 2 {
      pacer.hasten(frames: frames, partsPerMillion: Self.hasteInPartsPerMillion)
    }
    position += frames
    pacer.wait(untilFrame: position)
  }
}
