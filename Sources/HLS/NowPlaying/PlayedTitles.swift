import Core

/// The titles that a stream has played in the last hours, each with the date of its beginning.
package struct PlayedTitles: Equatable, Sendable {
  /// The most titles that are kept.
  package static let most = 200
  /// The longest time for which a title is kept: 12 hours in microseconds.
  private static let span = 12 * 3600 * 1_000_000

  /// Oldest first. The newest plays now, or has played last.
  package private(set) var titles: [DateRange] = []
  /// The newest of the ranges that were noted: what is in front was noted before.
  private var noted: DateRange?
  /// The title, or silence about titles, that was noted last.
  private var last: NowPlaying?

  package init() {}

  /// The titles of a run before, oldest first.
  package init(restored titles: [DateRange]) {
    self.titles = titles.suffix(Self.most)
    last = titles.last?.playing
  }

  /// Notes the titles that have begun: a title that goes on with another date, or in another run, is not noted again.
  /// - Parameter ranges: the titles that have a date, oldest first, as the history of the run has them.
  package mutating func note(_ ranges: [DateRange]) {
    guard let newest = ranges.last, newest != noted else { return }
    let start = ranges.lastIndex { $0 == noted }.map { $0 + 1 } ?? 0
    noted = newest
    for range in ranges[start...] where range.playing != last {
      last = range.playing
      if range.playing != .nothing { titles.append(range) }
    }
    titles.removeAll { $0.start.microseconds < newest.start.microseconds - Self.span }
    if titles.count > Self.most { titles.removeFirst(titles.count - Self.most) }
  }
}
