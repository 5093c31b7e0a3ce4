import System

/// Measures how steadily the sound of one listener arrives, since the start of the measurement.
///
/// There are two figures. A gap is the time between two arrivals, whatever their size. Silence is the time in which a
/// player with the given cushion has nothing to play: the player starts one cushion after the first arrival, and is silent
/// whenever all received sound is played.
struct Silence {
  /// Pieces that arrive within this time are one arrival: a segment is received in several pieces.
  private static let oneArrival = Duration.milliseconds(10)

  private var lastArrival: MonotonicTime?
  /// The time at which all received sound is played.
  private var playedOut: MonotonicTime?
  private(set) var worst = Duration.zero
  private(set) var total = Duration.zero
  private(set) var worstGap = Duration.zero

  /// Begins the measurement: earlier figures are discarded, but the time of the last arrival is kept.
  mutating func begin(at time: MonotonicTime) {
    playedOut = nil
    worst = .zero
    total = .zero
    worstGap = .zero
    lastArrival = lastArrival ?? time
  }

  /// Notes the arrival of sound that plays for `sound`.
  /// - Returns: the gap before it; nil if it belongs to the arrival before.
  mutating func arrived(_ sound: Duration, at time: MonotonicTime, cushion: Duration) -> Duration? {
    note(time, cushion: cushion, sound)
    defer { lastArrival = time }
    guard let lastArrival, time - lastArrival > Self.oneArrival else { return nil }
    worstGap = max(worstGap, time - lastArrival)
    return time - lastArrival
  }

  /// Ends the measurement: a listener that still waits has waited until now at least.
  mutating func end(at time: MonotonicTime, cushion: Duration) {
    if playedOut != nil { note(time, cushion: cushion, .zero) }
    worstGap = max(worstGap, time - (lastArrival ?? time))
  }

  private mutating func note(_ time: MonotonicTime, cushion: Duration, _ sound: Duration) {
    let due = playedOut ?? time + cushion
    let silence = max(.zero, time - due)
    worst = max(worst, silence)
    total += silence
    playedOut = max(time, due) + sound
  }
}
