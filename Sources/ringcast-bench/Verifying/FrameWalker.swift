import Codec

/// Walks a run of MP3 frames from header to header. The run arrives in pieces of any size.
struct FrameWalker {
  /// Bytes up to the next header.
  private var skip = 0
  /// The received bytes of the next header.
  private var header: [UInt8] = []
  /// Headers in a row that were found where they were expected.
  private var inRow = 0
  /// Whether the run may begin inside a frame, as an endless stream does.
  private let joinsAnywhere: Bool
  private var isJoined: Bool

  private(set) var frames = 0
  private(set) var sampleRate = 0
  /// kbit/s.
  private(set) var bitrate = 0
  /// Whether there was no header where one was expected.
  private(set) var isBroken = false

  init(joinsAnywhere: Bool = false) {
    (self.joinsAnywhere, isJoined) = (joinsAnywhere, !joinsAnywhere)
    header.reserveCapacity(4)
  }

  /// Whether the last frame is complete.
  var isAtBoundary: Bool { skip == 0 && header.isEmpty }

  mutating func walk(_ bytes: UnsafeRawBufferPointer) {
    var position = 0
    while position < bytes.count, !isBroken {
      let step = min(skip, bytes.count - position)
      skip -= step
      position += step
      guard position < bytes.count else { return }
      header.append(bytes[position])
      position += 1
      if header.count == 4 { readHeader() }
    }
  }

  private mutating func readHeader() {
    guard let found = MP3FrameHeader(header, at: 0), sampleRate == 0 || found.sampleRate == sampleRate || !isJoined
    else {
      if isJoined {
        isBroken = true
        return
      }
      // Four bytes that look like a header are common by chance; three headers in the right places are not.
      inRow = 0
      header.removeFirst()
      return
    }
    skip = found.length - 4
    bitrate = found.bitrate
    sampleRate = found.sampleRate
    frames += 1
    inRow += 1
    if inRow == 3 { isJoined = true }
    header.removeAll(keepingCapacity: true)
  }
}
