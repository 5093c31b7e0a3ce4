import Codec
import Core
import HLS
import Testing

@Suite struct PlaylistTests {
  @Test func `a window with a restart in it, line by line`() {
    let playlist = Playlist(
      targetDuration: 2, discontinuitySequence: 3,
      entries: [
        Frames.segment(41, frames: 83).entry,
        Frames.segment(42, frames: 84, start: 83).entry,
        Frames.segment(43, frames: 83, start: 1000, discontinuity: true).entry,
      ], ended: false)
    #expect(
      playlist.text(folder: "live/") == """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:2
        #EXT-X-MEDIA-SEQUENCE:41
        #EXT-X-DISCONTINUITY-SEQUENCE:3
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.000Z
        #EXTINF:1.992,
        live/41.mp3
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:21.992Z
        #EXTINF:2.016,
        live/42.mp3
        #EXT-X-DISCONTINUITY
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:44.000Z
        #EXTINF:1.992,
        live/43.mp3

        """)
  }

  @Test func `what plays stands before the segments`() throws {
    let playlist = Playlist(
      targetDuration: 2, discontinuitySequence: 0, entries: [Frames.segment(9, frames: 83).entry], ended: false)
    let start = WallTime(microseconds: 1_790_000_000_500_600)
    let text = playlist.text(
      dateRanges: [
        DateRange(playing: try NowPlaying(title: "Für Elise", artist: "L. v. Beethoven"), start: start),
        DateRange(playing: .nothing, start: start.advanced(samples: 48_000, rate: 48_000)),
      ])
    #expect(
      text == """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:2
        #EXT-X-MEDIA-SEQUENCE:9
        #EXT-X-DISCONTINUITY-SEQUENCE:0
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-DATERANGE:ID="1790000000500600",CLASS="now-playing",START-DATE="2026-09-21T14:13:20.500Z",\
        END-ON-NEXT=YES,X-TITLE="Für Elise",X-ARTIST="L. v. Beethoven"
        #EXT-X-DATERANGE:ID="1790000001500600",CLASS="now-playing",START-DATE="2026-09-21T14:13:21.500Z",\
        END-ON-NEXT=YES
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.000Z
        #EXTINF:1.992,
        9.mp3

        """)
    let empty = Playlist(targetDuration: 2, discontinuitySequence: 0, entries: [], ended: true)
    #expect(empty.text(dateRanges: [DateRange(playing: .nothing, start: start)]) == empty.text())
  }

  @Test func `an ended stream closes with ENDLIST, in a folder with bare names`() {
    let playlist = Playlist(
      targetDuration: 2, discontinuitySequence: 0, entries: [Frames.segment(9, frames: 1).entry], ended: true)
    #expect(
      playlist.text() == """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:2
        #EXT-X-MEDIA-SEQUENCE:9
        #EXT-X-DISCONTINUITY-SEQUENCE:0
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.000Z
        #EXTINF:0.024,
        9.mp3
        #EXT-X-ENDLIST

        """)
  }

  @Test(arguments: [(2_016_000_000, "2.016"), (2_000_000_000, "2.0"), (26_122_449, "0.026122449"), (10, "0.00000001")])
  func `durations are decimals without sign or exponent`(nanoseconds: Int, text: String) {
    let entry = Playlist.Entry(
      name: SegmentName(1, of: .mp3), nanoseconds: nanoseconds, date: WallTime(microseconds: 0), discontinuity: false)
    let playlist = Playlist(targetDuration: 2, discontinuitySequence: 0, entries: [entry], ended: false)
    #expect(playlist.text().contains("#EXTINF:\(text),\n"))
  }

  @Test func `the duration of a segment is exact to half a nanosecond`() {
    let segment = Segment(
      SegmentStart(1, sampleRate: 44_100, date: WallTime(microseconds: 0)), bytes: [], samples: 77 * 1152)
    // 77 × 1152 / 44100 = 2.0114285714285714…
    #expect(segment.entry.nanoseconds == 2_011_428_571)
  }
}

@Suite struct PlaylistReaderTests {
  @Test(arguments: [true, false])
  func `reads back what was written`(ended: Bool) throws {
    let playlist = Playlist(
      targetDuration: 2, discontinuitySequence: 3,
      entries: [
        Frames.segment(41, frames: 83).entry, Frames.segment(42, frames: 84, start: 83, discontinuity: true).entry,
      ], ended: ended)
    #expect(try Playlist(text: playlist.text()) == playlist)
  }

  @Test(arguments: [
    ("", 1, "does not start with #EXTM3U"),
    ("#EXTM3U\n#EXT-X-VERSION:6\n", 3, "no target duration or discontinuity sequence"),
    ("#EXTM3U\n#EXT-X-TARGETDURATION:-2\n", 2, "#EXT-X-TARGETDURATION twice or not a number"),
    ("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-TARGETDURATION:2\n", 3, "#EXT-X-TARGETDURATION twice or not a number"),
    ("#EXTM3U\n#EXT-X-KEY:METHOD=NONE\n", 2, "not a segment of ours: #EXT-X-KEY:METHOD=NONE"),
    ("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:1\n#EXTINF:2.0,\n1.mp3\n", 4, "not a segment of ours: 1.mp3"),
    (
      "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.000Z\n#EXTINF:2.0,\n2.mp3\n", 5,
      "not a segment of ours: 2.mp3"
    ),
  ])
  func `says where and why a text is not one of ours`(text: String, line: Int, reason: String) {
    #expect(throws: Playlist.Malformed(line: line, reason: reason)) { try Playlist(text: text) }
  }
}
