import Testing

@testable import ringcast_bench

@Suite struct FrameWalkerTests {
  @Test(arguments: [1, 2, 3, 5, 383, 384, 385, 1536, 10_000])
  func `counts whole frames in pieces of any size`(size: Int) {
    var walker = FrameWalker()
    Frames.silence(7).inPieces(of: size) { walker.walk($0) }
    #expect(walker.frames == 7)
    #expect(walker.isAtBoundary)
    #expect(!walker.isBroken)
    #expect(walker.bitrate == 128)
  }

  @Test(arguments: [1, 4, 200, 383])
  func `knows that a frame was cut off`(missing: Int) {
    var walker = FrameWalker()
    Frames.silence(3).dropLast(missing).withUnsafeBytes { walker.walk($0) }
    #expect(!walker.isAtBoundary)
  }

  @Test func `is broken by a byte too many and by one that is missing`() {
    for damaged in [Frames.silence(2) + [0] + Frames.silence(2), Frames.silence(2).dropLast() + Frames.silence(2)] {
      var walker = FrameWalker()
      damaged.withUnsafeBytes { walker.walk($0) }
      #expect(walker.isBroken)
    }
  }

  @Test func `joins an endless stream within a frame, past what only looks like a header`() {
    let lookalike: [UInt8] = [0xFF, 0xFB, 0x94, 0x44]
    let start = Array(Frames.silence(1).suffix(200)) + lookalike + [UInt8](repeating: 1, count: 100)
    var walker = FrameWalker(joinsAnywhere: true)
    (start + Frames.silence(10)).inPieces(of: 150) { walker.walk($0) }
    #expect(!walker.isBroken)
    #expect(walker.isAtBoundary)
  }

  @Test func `once it has joined, a break is a break`() {
    var walker = FrameWalker(joinsAnywhere: true)
    (Frames.silence(5) + [1, 2, 3] + Frames.silence(5)).withUnsafeBytes { walker.walk($0) }
    #expect(walker.isBroken)
  }
}
