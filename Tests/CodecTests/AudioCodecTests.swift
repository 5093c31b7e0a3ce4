import Codec
import Testing

@Suite struct AudioCodecTests {
  /// Frames of three octets: A0, anything, the sample rate in kHz.
  private let codec = AudioCodec(
    name: "three octets", samplesPerFrame: 100, fileExtension: "three", mediaType: "audio/x-three",
    codecsParameter: "three"
  ) { bytes, offset in
    bytes[offset] == 0xA0 && offset + 2 < bytes.count
      ? .init(length: 3, sampleRate: Int(bytes[offset + 2]) * 1000) : nil
  }

  @Test(
    arguments: [
      ([], 0, 0), ([1, 2, 3], 3, 3), ([0xA0, 0], 0, 0), ([0xA0, 0, 48], 0, 3), ([0xA0, 0, 48, 0xA0], 0, 3),
      ([7, 0xA0, 0, 48, 0xA0, 0, 32, 9], 1, 7),
    ] as [([UInt8], Int, Int)])
  func `the last whole frame ends where a cut-off frame or anything else begins`(
    bytes: [UInt8], offset: Int, end: Int
  ) {
    #expect(codec.endOfWholeFrames(in: bytes, from: offset) == end)
  }

  @Test func `a run of its frames is as long as they are`() {
    let run = FrameRun(of: codec, in: [7, 0xA0, 0, 48, 0xA0, 0, 48], from: 1)
    #expect(run?.frames == 2 && run?.samples == 200 && run?.sampleRate == 48_000)
    #expect(FrameRun(of: codec, in: [0xA0, 0, 48, 0xA0, 0, 32], from: 0) == nil)
  }

  @Test func `frames of MP3 end where their headers say`() {
    let frames = Frames.silence(3)
    #expect(AudioCodec.mp3.endOfWholeFrames(in: frames, from: 0) == frames.count)
    #expect(AudioCodec.mp3.endOfWholeFrames(in: frames.dropLast(), from: 0) == 2 * 384)
    #expect(AudioCodec.mp3.wholeFrame(in: frames, at: 384) == .init(length: 384, sampleRate: 48_000))
    #expect(AudioCodec.mp3.wholeFrame(in: frames, at: frames.count) == nil)
  }
}
