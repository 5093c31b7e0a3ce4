import HLS
import Testing

@testable import Live

@Suite struct NowPlayingMailboxTests {
  @Test func `what is said last counts, and is taken once`() throws {
    let titles = NowPlayingMailbox()
    #expect(titles.latest == .nothing && titles.take() == nil)
    let (a, b) = (try NowPlaying(title: "a", artist: nil), try NowPlaying(title: "b", artist: nil))
    titles.set(a)
    titles.set(b)
    #expect(titles.latest == b)
    #expect(titles.take() == b)
    #expect(titles.take() == nil)
    titles.set(.nothing)
    #expect(titles.take() == .nothing)
    #expect(titles.latest == .nothing)
  }
}
