import System
import Testing

@testable import ringcast_bench

@Suite struct SilenceTests {
  private let chunk = Duration.milliseconds(96)

  private func time(_ milliseconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: milliseconds * 1_000_000) }

  private func heard(_ arrivals: [Int], cushion: Int = 0, until end: Int) -> Silence {
    var silence = Silence()
    silence.begin(at: time(0))
    let cushion = Duration.milliseconds(cushion)
    for milliseconds in arrivals { _ = silence.arrived(chunk, at: time(milliseconds), cushion: cushion) }
    silence.end(at: time(end), cushion: cushion)
    return silence
  }

  @Test(
    arguments: [
      // Steady; one chunk 100 ms late; the same with a cushion of 60 and 200 ms; sound that stops.
      ([0, 96, 192], 0, 200, 0, 96), ([0, 96, 292], 0, 300, 100, 196), ([0, 96, 292], 60, 300, 40, 196),
      ([0, 96, 292], 200, 300, 0, 196), ([0, 96], 0, 1096, 904, 1000),
    ])
  func `is what a player lets hear that has played all it got`(
    arrivals: [Int], cushion: Int, end: Int, worst: Int, gap: Int
  ) {
    let silence = heard(arrivals, cushion: cushion, until: end)
    #expect(silence.worst == .milliseconds(worst))
    #expect(silence.worstGap == .milliseconds(gap))
  }

  @Test func `pieces of one segment are one arrival`() {
    var silence = Silence()
    silence.begin(at: time(0))
    #expect(silence.arrived(chunk, at: time(2000), cushion: .zero) == .milliseconds(2000))
    #expect(silence.arrived(chunk, at: time(2001), cushion: .zero) == nil)
    #expect(silence.arrived(chunk, at: time(4000), cushion: .zero) == .milliseconds(1999))
  }

  @Test func `who never hears a thing has a gap as long as the measurement`() {
    #expect(heard([], until: 5000).worstGap == .seconds(5))
  }
}
