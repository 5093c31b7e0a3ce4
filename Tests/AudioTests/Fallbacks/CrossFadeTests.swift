import Audio
import Testing

@Suite struct CrossFadeTests {
  private let format = PCMFormat(sampleRate: 48_000, channels: 2)
  /// 50 ms.
  private let frames = 2400

  @Test func `without a fade, the sound is untouched`() {
    var fade = CrossFade(format: format)
    var block: [Int32] = [1, 2, 3, 4]
    fade.apply(to: &block, before: [7, 7, 7, 7])
    #expect(block == [1, 2, 3, 4] && !fade.isOn)
  }

  @Test func `two sounds of the same level are mixed to that level, in blocks of any length`() {
    var fade = CrossFade(format: format)
    fade.begin(goesOn: true)
    var heard = 0
    for size in [2, 480, 1000, 20, 4000] {
      var block = [Int32](repeating: 1 << 28, count: size)
      fade.apply(to: &block, before: block)
      #expect(block.allSatisfy { $0 == 1 << 28 })
      heard += size / 2
      #expect(fade.isOn == (heard < frames))
    }
  }

  @Test func `a sound that has broken off is heard backwards, so that no step is heard`() {
    var fade = CrossFade(format: format)
    // A ramp that ends at its top.
    var before = (0..<frames).flatMap { [Int32($0) * 1000, Int32($0) * 1000] }
    fade.apply(to: &before, before: nil)
    fade.begin(goesOn: false)
    var block = [Int32](repeating: 0, count: 2 * frames)
    fade.apply(to: &block, before: nil)
    let all =
      stride(from: 0, to: 2 * frames, by: 2).map { before[$0] }
      + stride(from: 0, to: 2 * frames, by: 2).map { block[$0] }
    #expect(zip(all, all.dropFirst()).allSatisfy { abs($0 - $1) < 3000 })
    #expect(!fade.isOn && abs(block.last!) < 3000)
  }

  @Test func `a fade at the very beginning comes from silence`() {
    var fade = CrossFade(format: format)
    fade.begin(goesOn: false)
    var block = [Int32](repeating: 1 << 28, count: 2 * frames)
    fade.apply(to: &block, before: nil)
    #expect(block[0] < 1 << 18 && zip(block, block.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
