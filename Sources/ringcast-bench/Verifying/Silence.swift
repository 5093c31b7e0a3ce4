/// How steadily one listener's sound comes in, from when the measurement began; times in nanoseconds.
///
/// Two figures. A gap is the time between two arrivals, whatever they hold. Silence is what a player lets hear that plays
/// as near to live as its cushion allows: it begins with the first arrival measured and the cushion, and is silent
/// whenever what came in is played out.
struct Silence {
  /// What comes in within this time is one arrival: a segment is received in several pieces.
  private static let oneArrival = 10_000_000

  private var lastArrival: Int?
  /// When all that came in is played.
  private var playedOut: Int?
  private(set) var worst = 0
  private(set) var total = 0
  private(set) var worstGap = 0

  /// The measurement begins: whatever was before is forgotten but for when it was.
  mutating func begin(at time: Int) {
    (playedOut, worst, total, worstGap) = (nil, 0, 0, 0)
    lastArrival = lastArrival ?? time
  }

  /// So much sound has come in; returns the gap before it, unless it belongs to the arrival before.
  mutating func arrived(_ sound: Int, at time: Int, cushion: Int) -> Int? {
    note(time, cushion: cushion, sound)
    defer { lastArrival = time }
    guard let lastArrival, time - lastArrival > Self.oneArrival else { return nil }
    worstGap = max(worstGap, time - lastArrival)
    return time - lastArrival
  }

  /// The measurement ends: who is waiting still has waited so long at least.
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
