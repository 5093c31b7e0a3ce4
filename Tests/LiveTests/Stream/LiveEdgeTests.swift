import Core
import System
import Testing

@testable import Live

@Suite struct LiveEdgeTests {
  private let start = WallTime(microseconds: 1_790_000_000_000_000)
  private let instant = MonotonicTime(nanoseconds: 5_000_000_000)
  private let edge = LiveEdge(rate: 48_000)

  private func position(_ sample: Int) -> LiveEdge.Position {
    LiveEdge.Position(sample: sample, date: start.advanced(samples: sample, rate: 48_000))
  }

  @Test func `before the first sound there is no position`() {
    #expect(edge.position(at: instant) == nil)
  }

  @Test func `between two blocks the position moves on with the clock, sample and date alike`() {
    edge.note(position(4800), at: instant)
    #expect(edge.position(at: instant) == position(4800))
    #expect(edge.position(at: instant + .milliseconds(7)) == position(4800 + 336))
    edge.note(position(5280), at: instant + .milliseconds(10))
    #expect(edge.position(at: instant + .milliseconds(10)) == position(5280))
  }

  @Test func `a question from before the newest block gets the position of that block`() {
    edge.note(position(4800), at: instant)
    #expect(edge.position(at: instant - .milliseconds(1)) == position(4800))
  }

  @Test func `a source that gives nothing for a second stands still`() {
    edge.note(position(4800), at: instant)
    #expect(edge.position(at: instant + .seconds(1)) == position(4800 + 48_000))
    #expect(edge.position(at: instant + .seconds(60)) == position(4800 + 48_000))
  }
}
