import Testing

@testable import ringcast_bench

@Suite struct MediaPlaylistTests {
  static let lowLatency = """
    #EXTM3U
    #EXT-X-VERSION:6
    #EXT-X-TARGETDURATION:2
    #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.008
    #EXT-X-PART-INF:PART-TARGET=0.336
    #EXT-X-MEDIA-SEQUENCE:41
    #EXT-X-PART:DURATION=0.336,URI="live/41.0.mp3",INDEPENDENT=YES
    #EXT-X-PART:DURATION=0.336,URI="live/41.1.mp3",INDEPENDENT=YES
    #EXTINF:0.672,
    live/41.mp3
    #EXT-X-PART:DURATION=0.336,URI="live/42.0.mp3",INDEPENDENT=YES
    #EXT-X-PRELOAD-HINT:TYPE=PART,URI="live/42.1.mp3"

    """

  @Test func `reads segments, parts and the hint with their numbers`() throws {
    let playlist = try #require(MediaPlaylist(Self.lowLatency))
    #expect(playlist.targetDuration == 2)
    #expect(playlist.mediaSequence == 41)
    #expect(playlist.nextSequence == 42)
    #expect(playlist.uris == ["live/41.mp3"])
    #expect(
      playlist.parts == [
        .init(sequence: 41, index: 0, uri: "live/41.0.mp3"), .init(sequence: 41, index: 1, uri: "live/41.1.mp3"),
        .init(sequence: 42, index: 0, uri: "live/42.0.mp3"),
      ])
    #expect(playlist.hint == .init(sequence: 42, index: 1, uri: "live/42.1.mp3"))
    #expect(!playlist.isEnded)
  }

  @Test(arguments: ["", "#EXT-X-TARGETDURATION:2\n", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:1\n", "<html>"])
  func `refuses what is no media playlist`(text: String) {
    #expect(MediaPlaylist(text) == nil)
  }
}
