package import Core

/// What has been playing from which sample of a run on. Listeners are behind live by different amounts: each is told what
/// plays where it listens.
package struct NowPlayingHistory: Sendable {
  /// More entries are not kept: five hours of a ring hold a hundred pieces of music.
  private static let most = 200

  private struct Entry: Sendable {
    let playing: NowPlaying
    /// Samples of the run before it.
    let start: Int
    /// Nil until the segment that holds its first sample has a date.
    var date: WallTime?
  }

  /// By their starts, each playing until the next one does.
  private var entries: [Entry] = []

  package init() {}

  /// From a sample on that plays; what was set last came before it. What plays already goes on.
  package mutating func set(_ playing: NowPlaying, from start: Int) {
    guard playing != entries.last?.playing ?? .nothing else { return }
    entries.append(Entry(playing: playing, start: start))
    if entries.count > Self.most { entries.removeFirst() }
  }

  /// Dates what has no date yet: once, for a date that was told never changes.
  /// - Parameter date: of a sample of the run, as the segment that holds it is dated; nil where none holds it yet.
  package mutating func date(by date: (Int) -> WallTime?) {
    for index in entries.indices where entries[index].date == nil { entries[index].date = date(entries[index].start) }
  }

  /// Forgets what was over before a sample.
  package mutating func forget(before start: Int) {
    while entries.count > 1, entries[1].start <= start { entries.removeFirst() }
  }

  /// What plays at a sample of the run.
  package func playing(at sample: Int) -> NowPlaying {
    entries.last { $0.start <= sample }?.playing ?? .nothing
  }

  /// What has a date, oldest first.
  package var dateRanges: [DateRange] {
    entries.compactMap { entry in entry.date.map { DateRange(playing: entry.playing, start: $0) } }
  }
}
