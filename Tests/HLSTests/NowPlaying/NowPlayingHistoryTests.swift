import Core
import HLS
import Testing

@Suite struct NowPlayingHistoryTests {
  private static func named(_ title: String) -> NowPlaying { try! NowPlaying(title: title, artist: nil) }

  private let a = named("a")
  private let b = named("b")
  private let c = named("c")

  /// A stream of samples of a microsecond each, of which so many have a date.
  private func dates(before end: Int) -> (Int) -> WallTime? {
    { $0 < end ? WallTime(microseconds: $0) : nil }
  }

  @Test func `at each sample plays what was set last before it`() {
    var history = NowPlayingHistory()
    #expect(history.playing(at: 0) == .nothing)
    history.set(a, from: 100)
    history.set(.nothing, from: 200)
    history.set(b, from: 300)
    let samples = [0, 99, 100, 199, 200, 299, 300, 1_000_000]
    #expect(samples.map(history.playing) == [.nothing, .nothing, a, a, .nothing, .nothing, b, b])
  }

  @Test func `what plays already goes on`() {
    var history = NowPlayingHistory()
    history.set(.nothing, from: 50)
    history.set(a, from: 100)
    history.set(a, from: 200)
    history.date(by: dates(before: .max))
    #expect(history.dateRanges == [DateRange(playing: a, start: WallTime(microseconds: 100))])
  }

  @Test func `what has not begun has no date, and a date that was told stays`() {
    var history = NowPlayingHistory()
    history.set(a, from: 100)
    history.set(b, from: 200)
    history.date(by: dates(before: 150))
    #expect(history.dateRanges.map(\.playing) == [a])
    // The clock was set.
    history.date { WallTime(microseconds: $0 + 3_600_000_000) }
    #expect(history.dateRanges.map(\.start.microseconds) == [100, 3_600_000_200])
  }

  @Test func `where dates go back the title begins once more`() {
    var history = NowPlayingHistory()
    history.repeatCurrent(from: 50)
    history.set(a, from: 100)
    history.repeatCurrent(from: 200)
    history.repeatCurrent(from: 200)
    history.date { WallTime(microseconds: $0 < 200 ? 3_600_000_000 + $0 : $0) }
    #expect(history.dateRanges.map(\.playing) == [a, a])
    #expect(history.dateRanges.map(\.start.microseconds) == [3_600_000_100, 200])
    #expect([99, 100, 200, 300].map(history.playing) == [.nothing, a, a, a])
  }

  @Test func `a title that comes before dates go back begins once more, and the one before does not`() {
    var history = NowPlayingHistory()
    history.set(a, from: 100)
    history.repeatCurrent(from: 200)
    history.set(b, from: 150)
    history.set(c, from: 300)
    history.date(by: dates(before: .max))
    #expect(history.dateRanges.map(\.playing) == [a, b, b, c])
    #expect(history.dateRanges.map(\.start.microseconds) == [100, 150, 200, 300])
  }

  @Test func `what was over before a sample is forgotten, what plays there is not`() {
    var history = NowPlayingHistory()
    for (playing, start) in [(a, 100), (b, 200), (c, 300)] { history.set(playing, from: start) }
    history.date(by: dates(before: .max))
    for (start, kept) in [(0, [a, b, c]), (199, [a, b, c]), (200, [b, c]), (299, [b, c]), (300, [c]), (9999, [c])] {
      history.forget(before: start)
      #expect(history.dateRanges.map(\.playing) == kept)
    }
    #expect(history.playing(at: 9999) == c)
  }

  @Test func `it does not grow without end`() {
    var history = NowPlayingHistory()
    for start in 1...1000 { history.set(Self.named("\(start)"), from: start) }
    history.date(by: dates(before: .max))
    #expect(history.dateRanges.map(\.start.microseconds) == Array(801...1000))
  }
}

@Suite struct SegmenterDateTests {
  @Test func `a sample is dated by the segment that holds it, when that has begun`() {
    let grid = Grid(sampleRate: 48_000, target: 2_000_000)
    let origin = WallTime(microseconds: 1_790_000_000_000_000)
    var segmenter = Segmenter(grid: grid, partFrames: 28, origin: origin, sequence: 1, discontinuity: false)
    let end = grid.boundary(1) * 1152
    #expect(segmenter.date(of: 0) == origin)
    #expect(segmenter.date(of: end - 48) == origin.advanced(samples: end - 48, rate: 48_000))
    #expect(segmenter.date(of: end) == nil)
    // The clock was set: what begins from now on is dated anew.
    segmenter.origin.microseconds += 3_600_000_000
    let segment = segmenter.cut(at: grid.boundary(1))
    #expect(segment?.end == origin.advanced(samples: end, rate: 48_000))
    #expect(segmenter.date(of: end) == segmenter.recording.date)
    #expect(segmenter.date(of: end + 4800)?.microseconds == segmenter.recording.date.microseconds + 100_000)
  }
}
