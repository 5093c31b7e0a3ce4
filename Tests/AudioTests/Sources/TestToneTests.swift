import Audio
import Core
import Testing

@Suite struct TestToneTests {
  /// 0.75 s into a wall-clock second.
  private let start = WallTime(microseconds: 1_790_000_000_750_000)

  @Test(arguments: [32_000, 44_100, 48_000])
  func `is the same from the same start, and never clips`(rate: Int) {
    let (one, other) = (TestTone(sampleRate: rate, start: start), TestTone(sampleRate: rate, start: start))
    for position in stride(from: 0, to: rate * 100, by: 7) {
      #expect(one.sample(at: position) == other.sample(at: position))
      #expect(abs(Int(one.sample(at: position))) < 1 << 30)
    }
  }

  @Test(arguments: [32_000, 44_100, 48_000])
  func `a pip begins with each second of the wall clock`(rate: Int) {
    let tone = TestTone(sampleRate: rate, start: start)
    let pilot = 0.101 * 0x1p31
    func isLoud(_ range: Range<Int>) -> Bool { range.contains { abs(Double(tone.sample(at: $0))) > pilot } }
    for second in 0..<5 {
      let pip = rate / 4 + second * rate
      #expect(!isLoud(max(0, pip - rate / 2)..<pip))
      #expect(isLoud(pip..<pip + rate * 6 / 100))
    }
  }

  @Test func `the pilot goes on without a seam`() {
    let tone = TestTone(sampleRate: 44_100, start: start)
    // Away from the pips two samples of a 440 Hz tone of a tenth of full scale differ by 2π·440/44100 of it at most.
    let step = 0.1 * 0x1p31 * 2 * 3.1416 * 440 / 44_100
    for position in 20_000..<50_000 {
      #expect(abs(Double(tone.sample(at: position + 1)) - Double(tone.sample(at: position))) <= step)
    }
  }
}
