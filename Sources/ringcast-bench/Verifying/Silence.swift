/// Measures how steadily the sound of one listener arrives, since the start of the measurement. Times are in nanoseconds.
///
/// There are two figures. A gap is the time between two arrivals, whatever their size. Silence is the time in which a
/// player with the given cushion has nothing to play: the player starts one cushion after the first arrival, and is silent
/// whenever all received sound is played.
struct Silence {
  /// Pieces that arrive within this time are one arrival: a segment is received in several pieces.
  private static let oneArrival = 10_000_000

  private var lastArrival: Int?
  /// The time at which all received sound is played.
  private var playedOut: Int?
  private(set) var worst = 0
  private(set) var total = 0
  private(set) var worstGap = 0

  /// Begins the measurement: earlier figures are discarded, but the time of the last arrival is kept.
  mutating func begin(at time: Int) {
    playedOut = nil
    worst = 0
    total = 0
    worstGap = 0
    lastArrival = lastArrival ?? time
  }

  /// Notes the arrival of `sound` nanoseconds of sound.
  /// - Returns: the gap before it; nil if it belongs to the arrival before.
  mutating func arrived(_ sound: Int, at time: Int, cushion: Int) -> Int? {
    note(time, cushion: cushion, sound)
    defer { lastArrival = time }
    guard let lastArrival, time - lastArrival > Self.oneArrival else { return nil }
    worstGap = max(worstGap, time - lastArrival)
    return time - lastArrival
  }

  /// Ends the measurement: a listener that still waits has waited until now at least.
  mutating func end(at time: Int, cushion: Int) {
    if playedOut != nil { note(time, cushion: cushion, 0) }
    worstGap = max(worstGap, time - (lastArrival ?? time))
  }

  private mutating func note(_ time: Int, cushion: Int, _ sound: Int) {
    let due = playedOut ?? time + cushion
    let silence = max(0, time - due)
    worst = max(worst, silence)
    total += silence
    playedOut = max(time, due) + sound
  }
}
