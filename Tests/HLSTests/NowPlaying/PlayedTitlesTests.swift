import Core
import HLS
import Testing

@Suite struct PlayedTitlesTests {
  private func range(_ title: String?, _ second: Int) -> DateRange {
    DateRange(
      playing: NowPlaying(mending: title, artist: nil), start: WallTime(microseconds: second * 1_000_000))
  }

  private func names(_ played: PlayedTitles) -> [String] { played.titles.compactMap(\.playing.title) }

  @Test func `each title is noted once, and silence about titles is none`() {
    var played = PlayedTitles()
    played.note([range("a", 1)])
    played.note([range("a", 1)])
    played.note([range("a", 1), range(nil, 2), range("b", 3)])
    played.note([range("b", 3), range("b", 1), range("c", 4)])
    #expect(names(played) == ["a", "b", "c"])
    #expect(played.titles.map { $0.start.microseconds / 1_000_000 } == [1, 3, 4])
  }

  @Test func `a title that plays again after others, or after none, is noted again`() {
    var played = PlayedTitles()
    played.note([range("a", 1), range("b", 2), range("a", 3), range(nil, 4), range("a", 5)])
    #expect(names(played) == ["a", "b", "a", "a"])
  }

  @Test func `the title of the run before goes on after a restart`() {
    var played = PlayedTitles(restored: [range("a", 1), range("b", 2)])
    played.note([range("b", 100), range("c", 101)])
    #expect(names(played) == ["a", "b", "c"])
  }

  @Test func `titles of yesterday are forgotten, and there are never too many`() {
    var played = PlayedTitles(restored: [range("old", 0)])
    played.note([range("new", 13 * 3600)])
    #expect(names(played) == ["new"])
    played = PlayedTitles()
    played.note((0..<300).map { range("\($0)", $0) })
    #expect(played.titles.count == PlayedTitles.most && names(played).last == "299")
  }
}
