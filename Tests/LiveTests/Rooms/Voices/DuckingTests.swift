import Testing

@testable import Live

@Suite struct DuckingTests {
  private static let rate = 48_000

  /// The gain after some ticks of ten milliseconds.
  private func run(_ ducking: inout Ducking, ticks: Int, hasVoice: Bool) -> Float {
    for _ in 0..<ticks {
      ducking.observe(hasVoice: hasVoice, frames: 480)
      for _ in 0..<480 { _ = ducking.next() }
    }
    return ducking.gain
  }

  @Test func `the programme is whole before the first voice`() {
    var ducking = Ducking(floor: Ducking.lowered, rate: Self.rate)
    #expect(run(&ducking, ticks: 10, hasVoice: false) == 1)
  }

  @Test(arguments: [Ducking.lowered, 0]) func `a voice lowers the programme by 18 dB in a tenth of a second`(
    floor: Float
  ) {
    var ducking = Ducking(floor: floor, rate: Self.rate)
    let half = run(&ducking, ticks: 5, hasVoice: true)
    #expect(abs(half - (1 + floor) / 2) < 0.001)
    #expect(run(&ducking, ticks: 5, hasVoice: true) < floor + 0.001)
    #expect(run(&ducking, ticks: 100, hasVoice: true) == floor)
  }

  @Test func `the programme comes back over a second, after one and a half seconds without a voice`() {
    var ducking = Ducking(floor: Ducking.lowered, rate: Self.rate)
    _ = run(&ducking, ticks: 20, hasVoice: true)
    #expect(run(&ducking, ticks: 150, hasVoice: false) == Ducking.lowered)
    let half = run(&ducking, ticks: 50, hasVoice: false)
    #expect(abs(half - (1 + Ducking.lowered) / 2) < 0.01)
    #expect(run(&ducking, ticks: 51, hasVoice: false) == 1)
  }

  @Test func `the pauses of speech do not raise the programme`() {
    var ducking = Ducking(floor: Ducking.lowered, rate: Self.rate)
    _ = run(&ducking, ticks: 20, hasVoice: true)
    for _ in 0..<10 {
      #expect(run(&ducking, ticks: 100, hasVoice: false) == Ducking.lowered)
      #expect(run(&ducking, ticks: 10, hasVoice: true) == Ducking.lowered)
    }
  }
}
