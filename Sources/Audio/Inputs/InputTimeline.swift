import Core
package import System

/// The schedule by which an input without a clock is played in real time, and the silence that replaces its sound when it
/// has none. It has no clock: the time comes with the call.
///
/// The schedule is absolute, so that nothing drifts. After a short stall the input's sound is played faster than real time
/// until it is in time again, and nothing is made up. After a longer one silence is played; no sound of the input is left
/// out then either.
package struct InputTimeline: Sendable {
  /// The longest wait that brings nothing before silence replaces the sound. Only waiting counts, and not the clock, which
  /// goes on while the whole process is stopped.
  package static let patience = Duration.milliseconds(500)
  /// The same for a producer that runs ahead of real time, because its sound is not live and loses nothing by a stall; and
  /// for the first sound.
  package static let longPatience = Duration.seconds(3)
  /// After a longer time that nothing could be played in, dates leap.
  package static let longestGap = Duration.seconds(30)
  /// A producer with a clock of its own may be a little faster than ours, and would lose sound when the pipe is full. While
  /// the pipe is more than half full it is read faster by this much, which is more than any crystal is off. A slower
  /// producer slows the schedule by as much at the most.
  private static let slackPerMillion = 200
  /// The time for which a producer counts as one that runs ahead.
  private static let memory = Duration.seconds(1)
  private static let shortestSilence = Duration.milliseconds(10)

  /// Frames handed on, silence included.
  package private(set) var position = 0
  /// Whether silence replaces the sound.
  package private(set) var isFilling = false
  private let rate: Int
  /// The instant of frame 0; nil before the first one.
  private var origin: MonotonicTime?
  /// The position at which the producer was ahead last.
  private var aheadAt: Int?
  private var arrivedAt: MonotonicTime?
  private var waited = Duration.zero

  /// - Parameter rate: in frames per second.
  package init(rate: Int) {
    self.rate = rate
  }

  /// The wait that brings nothing before silence replaces the sound.
  package var presentPatience: Duration {
    guard arrivedAt != nil else { return Self.longPatience }
    let isAhead = aheadAt.map { position - $0 < Self.memory.samples(rate: rate) } ?? false
    return isAhead ? Self.longPatience : Self.patience
  }

  /// Notes that at `now` `frames` have come in.
  /// - Parameter isAhead: whether the producer runs ahead.
  /// - Returns: the instant at which they are to be handed on.
  package mutating func arrive(frames: Int, isAhead: Bool, now: MonotonicTime) -> MonotonicTime {
    // Real time begins with the first sound.
    var start = origin ?? now
    if isAhead {
      start = start - slack(.samples(frames, rate: rate))
      aheadAt = position
    } else if let arrivedAt, !isFilling {
      let late = now - (start + .samples(position + frames, rate: rate))
      if late > .zero { start = start + min(late, slack(now - arrivedAt)) }
    }
    (origin, arrivedAt, waited, isFilling) = (start, now, .zero, false)
    position += frames
    return start + .samples(position, rate: rate)
  }

  /// Notes that a wait of that length has brought nothing.
  /// - Returns: true when silence replaces the sound from now on.
  package mutating func idle(for span: Duration) -> Bool {
    waited += span
    guard !isFilling, waited > presentPatience else { return false }
    isFilling = true
    return true
  }

  /// The input has failed: silence replaces the sound.
  package mutating func lose() {
    isFilling = true
  }

  /// The silence that is to be handed on at `now`, in frames, and the frames for which it is too late.
  package mutating func fill(now: MonotonicTime) -> (silence: Int, leftOut: Int) {
    guard isFilling else { return (0, 0) }
    let start = origin ?? now
    origin = start
    let due = (now - start).samples(rate: rate) - position
    guard due >= Self.shortestSilence.samples(rate: rate) else { return (0, 0) }
    guard due <= Self.longestGap.samples(rate: rate) else {
      origin = now - .samples(position, rate: rate)
      return (0, due)
    }
    position += due
    return (due, 0)
  }

  private func slack(_ span: Duration) -> Duration {
    .nanoseconds(span.nanoseconds / 1_000_000 * Self.slackPerMillion)
  }
}
