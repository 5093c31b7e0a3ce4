package import Core

/// The titles of a run, each with the sample at which it begins. Listeners are behind live by different amounts: each is
/// told the title at the sample that it hears.
package struct NowPlayingHistory: Sendable {
  /// The most entries that are kept: five hours of a ring hold a hundred pieces of music.
  private static let most = 200

  private struct Entry: Sendable {
    var playing: NowPlaying
    /// Samples of the run before the title begins.
    let start: Int
    /// Nil until the segment that holds the title's first sample has a date.
    var date: WallTime?
  }

  /// In the order of their starts; each title ends where the next begins.
  private var entries: [Entry] = []

  package init() {}

  /// Begins a title at sample `start` of the run, which comes after the start of the title before. The current title, if it
  /// is the same, continues.
  package mutating func set(_ playing: NowPlaying, from start: Int) {
    guard playing != entries.last?.playing ?? .nothing else { return }
    if let last = entries.indices.last, entries[last].start > start {
      // A repetition of the current title is still to come: it becomes that of the new one.
      entries[last].playing = playing
      entries.insert(Entry(playing: playing, start: start), at: last)
    } else {
      entries.append(Entry(playing: playing, start: start))
    }
    if entries.count > Self.most { entries.removeFirst() }
  }

  /// Begins the current title once more at sample `start` of the run, because the dates go back there: a player would look
  /// for the title by a date before the title's own.
  package mutating func repeatCurrent(from start: Int) {
    guard let last = entries.last, last.start < start, last.playing != .nothing else { return }
    entries.append(Entry(playing: last.playing, start: start))
    if entries.count > Self.most { entries.removeFirst() }
  }

  /// Dates the titles that have no date yet. A date never changes after it was published.
  /// - Parameter date: the wall-clock time of a sample of the run, by the date of its segment; nil if there is no segment yet.
  package mutating func date(by date: (Int) -> WallTime?) {
    for index in entries.indices where entries[index].date == nil { entries[index].date = date(entries[index].start) }
  }

  /// Forgets the titles that ended before sample `start` of the run.
  package mutating func forget(before start: Int) {
    while entries.count > 1, entries[1].start <= start { entries.removeFirst() }
  }

  /// The title at a sample of the run.
  package func playing(at sample: Int) -> NowPlaying {
    entries.last { $0.start <= sample }?.playing ?? .nothing
  }

  /// The title at the first sample of a range, and those that begin later in the range, each with its first sample.
  package func titles(in range: Range<Int>) -> [(start: Int, playing: NowPlaying)] {
    let later = entries.filter { $0.start > range.lowerBound && $0.start < range.upperBound }
    return [(range.lowerBound, playing(at: range.lowerBound))] + later.map { ($0.start, $0.playing) }
  }

  /// The titles that have a date, oldest first.
  package var dateRanges: [DateRange] {
    entries.compactMap { entry in entry.date.map { DateRange(playing: entry.playing, start: $0) } }
  }
}
