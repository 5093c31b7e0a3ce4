import Audio
import Core
import System
import Testing

@Suite struct InputTimelineTests {
  private static let rate = 48_000
  private static let block = 480

  private var timeline = InputTimeline(rate: rate)
  private var now = MonotonicTime(nanoseconds: 1_000_000_000_000)

  /// Plays sound in real time for a while.
  private mutating func play(_ span: Duration, isAhead: Bool = false) {
    for _ in 0..<span.samples(rate: Self.rate) / Self.block {
      now = max(now, timeline.arrive(frames: Self.block, isAhead: isAhead, now: now))
    }
  }

  /// Waits in steps of 10 ms, and counts the frames of silence.
  /// - Returns: the silence, and the span until it began.
  private mutating func wait(_ span: Duration) -> (silence: Int, began: Duration?) {
    var (silence, began) = (0, Duration?.none)
    for step in 1...Int(span / .milliseconds(10)) {
      now = now + .milliseconds(10)
      if timeline.idle(for: .milliseconds(10)) { began = .milliseconds(10) * step }
      silence += timeline.fill(now: now).silence
    }
    return (silence, began)
  }

  @Test mutating func `sound is handed on in real time from the first one on`() {
    let start = now
    #expect(timeline.arrive(frames: 480, isAhead: false, now: now) == start + .milliseconds(10))
    #expect(timeline.arrive(frames: 480, isAhead: false, now: now) == start + .milliseconds(20))
    #expect(timeline.position == 960)
  }

  @Test mutating func `a short stall is made up for, and adds nothing`() {
    play(.seconds(5))
    let end = now
    let (silence, began) = wait(.milliseconds(400))
    #expect(silence == 0 && began == nil)
    let due = timeline.arrive(frames: Self.block, isAhead: false, now: now)
    #expect(due <= end + .milliseconds(11))
  }

  @Test mutating func `a longer stall is silence of the same length, and then the sound goes on in time`() {
    play(.seconds(5))
    let (silence, began) = wait(.seconds(15))
    #expect(began == InputTimeline.patience + .milliseconds(10))
    #expect(abs(silence - 15 * Self.rate) < Self.block)
    let due = timeline.arrive(frames: Self.block, isAhead: false, now: now)
    #expect(due >= now && due <= now + .milliseconds(20))
    #expect(timeline.position == 20 * Self.rate + Self.block - (15 * Self.rate - silence))
  }

  @Test mutating func `a producer that runs ahead is waited for longer`() {
    play(.seconds(5), isAhead: true)
    #expect(wait(.seconds(2)).silence == 0)
    play(.seconds(1), isAhead: true)
    #expect(wait(.seconds(4)).began == InputTimeline.longPatience + .milliseconds(10))
  }

  @Test mutating func `so is the first sound`() {
    #expect(wait(.seconds(2)).silence == 0)
    let (silence, _) = wait(.seconds(8))
    #expect(abs(silence - 7 * Self.rate) < Self.rate / 50)
    let due = timeline.arrive(frames: Self.block, isAhead: false, now: now)
    #expect(due >= now && due <= now + .milliseconds(20))
  }

  @Test mutating func `a failure is silence at once`() {
    play(.seconds(1))
    timeline.lose()
    #expect(abs(wait(.seconds(1)).silence - Self.rate) < Self.block)
  }

  @Test mutating func `a producer that is a little slower than the clock adds no silence to a stall hours later`() {
    // 100 ppm for three hours: a second.
    for _ in 0..<3 * 360_000 {
      now = now + .nanoseconds(10_001_000)
      _ = timeline.arrive(frames: Self.block, isAhead: false, now: now)
    }
    let (silence, _) = wait(.seconds(2))
    #expect(abs(silence - 2 * Self.rate) < Self.rate / 50)
  }

  @Test mutating func `a producer that is a little faster is followed while its pipe is more than half full`() {
    play(.seconds(100), isAhead: true)
    let late = now
    timeline = InputTimeline(rate: Self.rate)
    now = MonotonicTime(nanoseconds: 1_000_000_000_000)
    play(.seconds(100))
    let gain = now - late
    #expect(abs((gain - .milliseconds(20)).milliseconds) <= 1)
  }

  @Test mutating func `time in which nothing could be played is left out`() {
    timeline.lose()
    #expect(timeline.fill(now: now) == (0, 0))
    now = now + .seconds(60)
    #expect(timeline.fill(now: now) == (0, 60 * Self.rate))
    now = now + .seconds(1)
    #expect(timeline.fill(now: now) == (Self.rate, 0))
  }
}
