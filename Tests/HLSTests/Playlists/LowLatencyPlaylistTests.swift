import Core
import HLS
import Testing

@Suite struct LowLatencyPlaylistTests {
  /// A stream cut on the grid, up to `frames` frames, with parts of 28 frames (0.672 s).
  private func playlist(
    frames: Int, ended: Bool = false, capacity: Int = 10, dateRanges: [DateRange] = []
  ) -> LowLatencyPlaylist {
    let grid = Grid(sampleRate: 48_000, target: 2_000_000)
    var ring = Ring(capacity: capacity, targetDuration: 2)
    var segmenter = Segmenter(
      grid: grid, partFrames: 28, origin: WallTime(microseconds: 1_790_000_000_000_000), sequence: 1,
      discontinuity: false)
    for frame in 1...frames {
      segmenter.append([0])
      if frame == segmenter.nextCut {
        ring.append(segmenter.cut(at: frame)!)
      } else if frame == segmenter.nextPart {
        segmenter.closePart(at: frame)
      }
    }
    if ended { ring.end() }
    return LowLatencyPlaylist(ring: ring, recording: segmenter.recording, partFrames: 28, dateRanges: dateRanges)
  }

  @Test func `a segment and two parts, line by line`() {
    #expect(
      playlist(frames: 83 + 60).text(folder: "live/") == """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:2
        #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.0,HOLD-BACK=6.0,PART-HOLD-BACK=2.016
        #EXT-X-PART-INF:PART-TARGET=0.672
        #EXT-X-MEDIA-SEQUENCE:1
        #EXT-X-DISCONTINUITY-SEQUENCE:0
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.000Z
        #EXT-X-PART:DURATION=0.672,URI="live/1.0.mp3",INDEPENDENT=YES
        #EXT-X-PART:DURATION=0.672,URI="live/1.1.mp3",INDEPENDENT=YES
        #EXT-X-PART:DURATION=0.648,URI="live/1.2.mp3",INDEPENDENT=YES
        #EXTINF:1.992,
        live/1.mp3
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:21.992Z
        #EXT-X-PART:DURATION=0.672,URI="live/2.0.mp3",INDEPENDENT=YES
        #EXT-X-PART:DURATION=0.672,URI="live/2.1.mp3",INDEPENDENT=YES
        #EXT-X-PRELOAD-HINT:TYPE=PART,URI="live/2.2.mp3"

        """)
  }

  @Test func `a segment that has just begun is only hinted at, and an ended stream hints at nothing`() {
    let fresh = playlist(frames: 83).text(folder: "")
    #expect(fresh.hasSuffix("#EXTINF:1.992,\n1.mp3\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"2.0.mp3\"\n"))
    let ended = playlist(frames: 83, ended: true).text(folder: "")
    #expect(ended.hasSuffix("1.mp3\n#EXT-X-ENDLIST\n"))
    #expect(!ended.contains("PRELOAD-HINT"))
  }

  @Test func `parts further than three target durations from the end are not listed`() {
    // 8 segments and 1 part: 16 s and 0.672 s.
    let text = playlist(frames: 667 + 28).text(folder: "")
    let listed = (1...9).filter { text.contains("URI=\"\($0).0.mp3\",INDEPENDENT") }
    #expect(listed == [6, 7, 8, 9])
    #expect((1...8).allSatisfy { text.contains("\n\($0).mp3\n") })
  }

  @Test func `a delta update skips what lies before the skip boundary, and needs version 9`() {
    let playlist = playlist(frames: 833 + 28)
    let (whole, delta) = (playlist.text(folder: ""), playlist.text(folder: "", delta: true))
    #expect(delta.contains("#EXT-X-VERSION:9\n") && whole.contains("#EXT-X-VERSION:6\n"))
    #expect(delta.contains("#EXT-X-MEDIA-SEQUENCE:1\n"))
    // 10 segments of 2 s and a part of 0.672 s; the boundary is 12 s from the end: segment 5 lies across it.
    #expect(delta.contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n"))
    #expect(!delta.contains("\n4.mp3\n") && delta.contains("\n5.mp3\n"))
    #expect(delta.split(separator: "\n").suffix(10) == whole.split(separator: "\n").suffix(10))
  }

  @Test func `a short playlist has nothing to skip`() {
    let playlist = playlist(frames: 250)
    #expect(playlist.text(folder: "", delta: true) == playlist.text(folder: ""))
  }

  @Test func `what plays stands before the segments, in a delta update too, and needs something with a date`() throws {
    let ranges = [DateRange(playing: try NowPlaying(title: "Bolero", artist: nil), start: WallTime(microseconds: 0))]
    let line = "#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-DATERANGE:ID=\"0\",CLASS=\"now-playing\""
    #expect(playlist(frames: 30, dateRanges: ranges).text(folder: "").contains(line))
    #expect(!playlist(frames: 1, dateRanges: ranges).text(folder: "").contains("DATERANGE"))
    let long = playlist(frames: 833 + 28, dateRanges: ranges)
    #expect(long.text(folder: "").contains(line))
    let delta = long.text(folder: "", delta: true)
    #expect(delta.contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n#EXT-X-DATERANGE:ID=\"0\","))
  }

  @Test func `tells how far it has come`() {
    #expect(
      playlist(frames: 83 + 60).progress
        == BlockingReload.Progress(lastSequence: 1, lastParts: 3, recordingParts: 2, ended: false))
    #expect(
      playlist(frames: 30).progress
        == BlockingReload.Progress(lastSequence: 0, lastParts: 0, recordingParts: 1, ended: false))
    #expect(playlist(frames: 30).advancePartLimit == 5)
  }
}
