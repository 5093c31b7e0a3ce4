import Audio
import HLS
import Testing

@testable import Live

@Suite struct FileTitlesTests {
  private let nowPlaying = NowPlayingMailbox()

  private func title(_ text: String) -> SoundTitle { SoundTitle(title: text) }

  @Test func `a title of the source counts at once`() {
    FileTitles(for: nowPlaying).note(.title(SoundTitle(title: "Song", artist: "Band")))
    #expect(nowPlaying.latest.line == "Band - Song")
  }

  @Test func `a fallback's title counts while the fallback is heard, and then the one from before again`() {
    let titles = FileTitles(for: nowPlaying)
    titles.note(.title(title("Source")))
    titles.note(.fallback(name: "file:a", silent: []))
    #expect(nowPlaying.latest.line == "Source")
    titles.note(.fallbackTitle(title("One")))
    titles.note(.fallbackTitle(title("Two")))
    #expect(nowPlaying.latest.line == "Two")
    titles.note(.sourceHeard)
    #expect(nowPlaying.latest.line == "Source")
  }

  @Test func `a title of the source that begins meanwhile is heard with the source`() {
    let titles = FileTitles(for: nowPlaying)
    titles.note(.fallback(name: "file:a", silent: []))
    titles.note(.fallbackTitle(title("One")))
    titles.note(.title(title("Source")))
    #expect(nowPlaying.latest.line == "One")
    titles.note(.sourceHeard)
    #expect(nowPlaying.latest.line == "Source")
  }

  @Test func `an operator's title stays where the fallback has none`() throws {
    let titles = FileTitles(for: nowPlaying)
    nowPlaying.set(try NowPlaying(title: "Talk", artist: nil))
    titles.note(.fallback(name: "tone", silent: []))
    titles.note(.sourceHeard)
    #expect(nowPlaying.latest.line == "Talk")
  }
}
