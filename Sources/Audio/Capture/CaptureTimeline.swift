import Core
package import System

/// Keeps a captured stream as long as the time that passes, whatever its device does. It tells which of the captured frames
/// are handed on, and how much silence replaces the missing ones. It has no clock: the time comes with the call.
package struct CaptureTimeline: Sendable {
  /// The frames that are handed on when frames have come in: first `silence`, and then these frames without their first
  /// `dropped`.
  package struct Fit: Equatable, Sendable {
    package var silence = 0
    package var dropped = 0
    /// Frames that are missing and are not filled either.
    package var leftOut = 0
  }

  /// The longest wait that brings nothing before silence replaces the sound. Only waiting counts, and not the clock, which
  /// goes on while the whole process is stopped.
  package static let idleTimeout = Duration.milliseconds(500)
  /// The longest gap that is filled with silence. After a longer one, dates leap instead.
  package static let longestGap = Duration.seconds(30)
  /// A device that is back first hands over the frames that it has kept, which are too late by now. It counts as back once
  /// it has given no more than `trialPace` × real time for so long.
  private static let trial = Duration.milliseconds(200)
  private static let trialPace = 1.25
  /// The shortest silence that is handed on at once: a device gives that much, too.
  private static let shortestSilence = Duration.milliseconds(10)

  private enum State {
    case running
    /// Frames are lost; the next ones that come in tell how many.
    case interrupted
    /// Silence replaces the sound; frames that have come in since then are on trial.
    case bridging(since: MonotonicTime?, frames: Int)
  }

  /// Frames handed on, silence included.
  package private(set) var position = 0
  private let rate: Int
  private let longestGapFrames: Int
  private var clock: CaptureClock
  private var state = State.running
  private var waited = Duration.zero

  /// - Parameter rate: nominal, in frames per second.
  package init(rate: Int) {
    self.rate = rate
    longestGapFrames = Self.longestGap.samples(rate: rate)
    clock = CaptureClock(rate: rate)
  }

  package var isBridging: Bool { if case .bridging = state { true } else { false } }

  /// Notes that at `now` `frames` have come in.
  package mutating func arrive(frames: Int, now: MonotonicTime) -> Fit {
    waited = .zero
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
      fit.silence = max(0, missing)
      fit.dropped = min(max(0, -missing), frames)
    }
    state = .running
    if fit.silence > longestGapFrames {
      fit.leftOut = fit.silence
      fit.silence = 0
      clock.begin(position: position + frames, now: now)
    }
    position += fit.silence + frames - fit.dropped
    return fit
  }

  /// The device's buffer ran over, or its rate has changed: the next frames do not follow the last ones.
  package mutating func interrupt() {
    if !isBridging { state = .interrupted }
  }

  /// The device has failed.
  package mutating func lose() {
    state = .bridging(since: nil, frames: 0)
  }

  /// Notes that a wait of that length has brought nothing.
  /// - Returns: true when the waits add up to more than `idleTimeout`: silence replaces the sound from now on.
  package mutating func idle(for span: Duration) -> Bool {
    waited += span
    guard waited > Self.idleTimeout else { return false }
    let isNew = !isBridging
    lose()
    return isNew
  }

  /// The silence that is to be handed on at `now`, while silence replaces the sound.
  package mutating func bridge(now: MonotonicTime) -> Fit {
    guard isBridging else { return Fit() }
    if !clock.hasBegun { clock.begin(position: position, now: now) }
    let due = clock.position(now: now) - position
    guard due >= Self.shortestSilence.samples(rate: rate) else { return Fit() }
    guard due <= longestGapFrames else {
      clock.begin(position: position, now: now)
      return Fit(leftOut: due)
    }
    position += due
    return Fit(silence: due)
  }

  private mutating func passesTrial(since: MonotonicTime?, frames: Int, now: MonotonicTime) -> Bool {
    guard let since else {
      state = .bridging(since: now, frames: 0)
      return false
    }
    guard now - since >= Self.trial else {
      state = .bridging(since: since, frames: frames)
      return false
    }
    let pace = Double(frames) / ((now - since).seconds * Double(rate))
    if pace > Self.trialPace { state = .bridging(since: now, frames: 0) }
    return pace <= Self.trialPace
  }
}
