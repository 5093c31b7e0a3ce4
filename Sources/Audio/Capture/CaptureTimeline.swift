/// Keeps a captured stream as long as the time that passes, whatever its device does: says what of the frames that come in
/// is handed on, and how much silence stands in for those that don't. It has no clock: the time comes with the call.
package struct CaptureTimeline: Sendable {
  /// What becomes of the frames that have come in: so much silence, and then they without the first `dropped`.
  package struct Fit: Equatable, Sendable {
    package var silence = 0
    package var dropped = 0
    /// Frames that are missing and are not filled either.
    package var leftOut = 0
  }

  /// How many milliseconds of waiting may bring nothing before silence stands in. Waiting and not the clock, which goes on
  /// while the whole process is stopped.
  package static let patience = 500
  /// Seconds. Nobody waits for more silence than that: dates leap instead.
  package static let longestGap = 30
  /// A device that is back first hands over what it has kept, which is too late by now. It counts as back when for so long,
  /// in nanoseconds, it gives no more than time brings.
  private static let trial = 200_000_000
  private static let trialPace = 1.25

  private enum State {
    case running
    /// Frames are lost; the next that come in tell how many.
    case interrupted
    /// Silence stands in; frames that came in since then are on trial.
    case bridging(since: Int?, frames: Int)
  }

  /// Frames handed on, silence included.
  package private(set) var position = 0
  private let rate: Int
  private var clock: CaptureClock
  private var state = State.running
  private var waited = 0

  /// - Parameter rate: nominal, in frames per second.
  package init(rate: Int) {
    self.rate = rate
    clock = CaptureClock(rate: rate)
  }

  package var isBridging: Bool { if case .bridging = state { true } else { false } }

  /// Notes that at `now` (monotonic nanoseconds) `frames` have come in.
  package mutating func arrive(frames: Int, now: Int) -> Fit {
    waited = 0
    var fit = Fit()
    switch state {
    case .running: fit.silence = max(0, clock.observe(position: position + frames, now: now))
    case .interrupted: fit.silence = max(0, clock.missing(position: position + frames, now: now))
    case .bridging(let since, let count):
      guard passesTrial(since: since, frames: count + frames, now: now) else {
        fit.dropped = frames
        return fit
      }
      let missing = clock.missing(position: position + frames, now: now)
      (fit.silence, fit.dropped) = (max(0, missing), min(max(0, -missing), frames))
    }
    state = .running
    if fit.silence > Self.longestGap * rate {
      (fit.leftOut, fit.silence) = (fit.silence, 0)
      clock.begin(position: position + frames, now: now)
    }
    position += fit.silence + frames - fit.dropped
    return fit
  }

  /// The device's buffer ran over, or its rate has changed: what comes in next does not follow what came before.
  package mutating func interrupt() {
    if !isBridging { state = .interrupted }
  }

  /// The device has failed.
  package mutating func lose() {
    state = .bridging(since: nil, frames: 0)
  }

  /// Notes that so many milliseconds of waiting have brought nothing.
  /// - Returns: true where that is more than a device may take: silence stands in from now on.
  package mutating func idle(milliseconds: Int) -> Bool {
    waited += milliseconds
    guard waited > Self.patience else { return false }
    let isNews = !isBridging
    lose()
    return isNews
  }

  /// While silence stands in: how many frames of it are to be handed on at `now`, in lumps of ten milliseconds at least,
  /// as a device has them.
  package mutating func bridge(now: Int) -> Fit {
    guard isBridging else { return Fit() }
    if !clock.hasBegun { clock.begin(position: position, now: now) }
    let due = clock.position(now: now) - position
    guard due >= rate / 100 else { return Fit() }
    guard due <= Self.longestGap * rate else {
      clock.begin(position: position, now: now)
      return Fit(leftOut: due)
    }
    position += due
    return Fit(silence: due)
  }

  private mutating func passesTrial(since: Int?, frames: Int, now: Int) -> Bool {
    guard let since else {
      state = .bridging(since: now, frames: 0)
      return false
    }
    guard now - since >= Self.trial else {
      state = .bridging(since: since, frames: frames)
      return false
    }
    let pace = Double(frames) * 1e9 / (Double(now - since) * Double(rate))
    if pace > Self.trialPace { state = .bridging(since: now, frames: 0) }
    return pace <= Self.trialPace
  }
}
