/// How far each stream has come, for a watchdog: a station whose streams come further is alive.
package struct StationProgress: Equatable, Sendable {
  /// The positions of the streams, which count up while sound comes in; nil where a stream may have no sound for a while:
  /// its input has ended, or is a pipe.
  let positions: [Int?]

  /// Whether each stream that must come further has done so since an earlier moment of the same run.
  package func hasMoved(since before: StationProgress?) -> Bool {
    guard let before else { return true }
    return zip(positions, before.positions).allSatisfy { now, before in now == nil || now != before }
  }
}
