import Codec

/// Walks a run of MP3 frames that comes in pieces of any size, from header to header.
struct FrameWalker {
  /// Bytes up to the next header.
  private var skip = 0
  /// What is there of a header: its bytes so far, and how many.
  private var header: [UInt8] = []
  /// How many headers in a row were found where they were due.
  private var inRow = 0
  /// Whether the run may begin within a frame, as an endless stream does.
  private let joinsAnywhere: Bool
  private var isJoined: Bool

  private(set) var frames = 0
  private(set) var sampleRate = 0
  /// kbit/s.
  private(set) var bitrate = 0
  /// Whether something came where a header was due.
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
      (skip, position) = (skip - step, position + step)
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
      // Four bytes that only looked like a header are common; three headers in place are not.
      inRow = 0
      header.removeFirst()
      return
    }
    (skip, bitrate, sampleRate) = (found.length - 4, found.bitrate, found.sampleRate)
    frames += 1
    inRow += 1
    if inRow == 3 { isJoined = true }
    header.removeAll(keepingCapacity: true)
  }
}
