import Codec
import Testing

@Suite struct FrameRunTests {
  @Test func `counts whole frames up to the end`() {
    #expect(FrameRun(of: .mp3, in: Frames.silence(3), from: 0)?.frames == 3)
    #expect(FrameRun(of: .mp3, in: [1, 2, 3] + Frames.silence(2), from: 3)?.frames == 2)
  }

  @Test func `refuses frames that are cut off, damaged, mixed or none`() {
    #expect(FrameRun(of: .mp3, in: Frames.silence(3).dropLast(), from: 0) == nil)
    #expect(FrameRun(of: .mp3, in: Frames.silence(3) + [0], from: 0) == nil)
    #expect(FrameRun(of: .mp3, in: [UInt8](repeating: 0, count: 384), from: 0) == nil)
    #expect(
      FrameRun(
        of: .mp3, in: Frames.silence(1) + Frames.silence(1, header: [0xFF, 0xFB, 0x90, 0x64], length: 417), from: 0)
        == nil)
    #expect(FrameRun(of: .mp3, in: [], from: 0) == nil)
  }
}
