import Codec
import Core
import HLS
import HTTP
import Logging
import System
import Testing

@testable import Live

/// A codec that does not exist runs through everything behind the encoder: nothing there depends on MP3.
@Suite struct CodecWallTests {
  private static let packaging = SegmentPackaging.packedAudio(.madeUp)
  /// 20 ms a frame.
  private static let frameSamples = 960

  /// The stream to its frame `frames`: a segment has 50 frames, a part 20.
  private struct Stream {
    var builder: EditionBuilder
    var ring = Ring(capacity: 4, targetDuration: 1)
    var segmenter = Segmenter(
      grid: Grid(codec: .madeUp, sampleRate: 48_000, target: .seconds(1)), packaging: packaging, partFrames: 20,
      origin: WallTime(microseconds: 1_790_000_000_000_000), sequence: 41, discontinuity: false)
    var history = NowPlayingHistory()
    var edition: Edition
    var frames = 0

    init() {
      let rendition = Rendition(codec: .madeUp, sampleRate: 48_000, channels: 2, kilobitsPerSecond: 80)
      let icy = ICYMetadata(stream: "live", rendition: rendition, for: .everybody) { _ in "" }
      let endless = EndlessStream(
        burst: .seconds(2), lag: .seconds(10), partFrames: 20, rendition: rendition, icy: icy)
      builder = EditionBuilder(
        stream: "live", era: .sample, partFrames: 20, capacity: packaging.preambleLength + 51 * rendition.longestFrame,
        endless: endless, for: .everybody)
      edition = builder.edition(ring, segmenter.recording).0
    }

    mutating func run(to end: Int) {
      while frames < end {
        segmenter.append(MadeUpFrames.frame(frames))
        frames += 1
        if frames == segmenter.nextCut {
          ring.append(segmenter.cut(at: frames)!)
        } else if frames == segmenter.nextPart {
          segmenter.closePart(at: frames)
        }
        history.date(by: segmenter.date(of:))
        edition = builder.edition(ring, segmenter.recording, history).0
      }
    }
  }

  private func response(_ edition: Edition, _ resource: Resource, token: Token? = nil) throws -> Response {
    let outcome = edition.outcome(for: resource, Request(method: .get, path: "/"), carrying: token)
    guard case .response(let response) = outcome else { throw CancellationError() }
    return response
  }

  /// The timestamp tag of frame `frame`.
  private func tag(_ frame: Int) -> [UInt8] { TimestampTag(samples: frame * Self.frameSamples, rate: 48_000).bytes }

  private func text(_ response: Response) -> String { String(decoding: response.content, as: UTF8.self) }

  @Test func `segments are cut by its frames`() {
    var stream = Stream()
    stream.run(to: 150)
    #expect(stream.segmenter.grid.targetDuration == 1)
    for (index, segment) in stream.ring.segments.enumerated() {
      #expect("\(segment.name)" == "\(41 + index).snd")
      #expect(segment.samples == 50 * Self.frameSamples)
      #expect(segment.parts.map(\.samples) == [20, 20, 10].map { $0 * Self.frameSamples })
      #expect(segment.bytes == tag(index * 50) + MadeUpFrames.frames(index * 50..<index * 50 + 50))
    }
  }

  @Test func `both playlists name its files, with the token`() throws {
    var stream = Stream()
    stream.run(to: 120)
    let token = try #require(Token("open-sesame"))
    #expect(
      text(try response(stream.edition, .playlist, token: token)) == """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:1
        #EXT-X-MEDIA-SEQUENCE:41
        #EXT-X-DISCONTINUITY-SEQUENCE:0
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.000Z
        #EXTINF:1.0,
        live/0123456789ab/41.snd?token=open-sesame
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:21.000Z
        #EXTINF:1.0,
        live/0123456789ab/42.snd?token=open-sesame

        """)
    #expect(
      text(try response(stream.edition, .lowLatencyPlaylist)).hasSuffix(
        """
        #EXT-X-PART:DURATION=0.4,URI="live/0123456789ab/42.0.snd",INDEPENDENT=YES
        #EXT-X-PART:DURATION=0.4,URI="live/0123456789ab/42.1.snd",INDEPENDENT=YES
        #EXT-X-PART:DURATION=0.2,URI="live/0123456789ab/42.2.snd",INDEPENDENT=YES
        #EXTINF:1.0,
        live/0123456789ab/42.snd
        #EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:22.000Z
        #EXT-X-PART:DURATION=0.4,URI="live/0123456789ab/43.0.snd",INDEPENDENT=YES
        #EXT-X-PRELOAD-HINT:TYPE=PART,URI="live/0123456789ab/43.1.snd"

        """))
    let carrying = text(try response(stream.edition, .lowLatencyPlaylist, token: token))
    #expect(carrying.contains("URI=\"live/0123456789ab/43.0.snd?token=open-sesame\""))
    #expect(carrying.hasSuffix("URI=\"live/0123456789ab/43.1.snd?token=open-sesame\"\n"))
  }

  @Test func `its segments and parts are answered with its media type`() throws {
    var stream = Stream()
    stream.run(to: 130)
    let segment = try response(stream.edition, .segment(41))
    #expect(segment.content == stream.ring.segments[0].bytes)
    let part = try response(stream.edition, .part(42, index: 1))
    #expect(part.content == tag(70) + MadeUpFrames.frames(70..<90))
    let growing = try response(stream.edition, .segment(43))
    #expect(growing.growing != nil)
    #expect(stream.edition.recording.body.array == tag(100) + MadeUpFrames.frames(100..<130))
    let endless = try response(stream.edition, .endless)
    for response in [segment, part, growing, endless] {
      #expect(response.header("Content-Type") == "audio/x-made-up")
    }
  }

  @Test func `listeners get none of a frame that is not whole`() {
    var stream = Stream()
    stream.run(to: 110)
    let count = stream.edition.recording.body.count
    let frame = MadeUpFrames.frame(110)
    stream.segmenter.append(Array(frame.dropLast()))
    stream.builder.grow(stream.segmenter.recording)
    #expect(stream.edition.recording.body.count == count)
    stream.segmenter.append(frame.suffix(1))
    stream.builder.grow(stream.segmenter.recording)
    #expect(stream.edition.recording.body.count == count + frame.count)
  }

  @Test func `the endless stream knows the sample of each part, although its frames have different lengths`() throws {
    var stream = Stream()
    stream.run(to: 150)
    let endless = try #require(stream.edition.endless)
    #expect(endless.place.offset == MadeUpFrames.frames(0..<50).count)
    for part in [0, 20, 40, 50, 70, 90, 100, 120, 140] {
      #expect(endless.index.sample(at: MadeUpFrames.frames(0..<part).count) == part * Self.frameSamples)
    }
  }

  @Test func `a folder of its segments is written, and read back after a kill`() throws {
    var stream = Stream()
    stream.run(to: 170)
    let (temporary, log) = (TemporaryFolder(), Log(level: .error))
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    for name in ["44.mp3", "notes.txt"] { try folder.replace(name, [1]) }
    // This process is also the one that starts after the kill: it must not have locked the folder before.
    let noLock = FolderLock("\(temporary.path)/none")
    var mirror = FolderMirror(folder: folder, lock: noLock, playlistName: "live.m3u8", era: .sample, present: [])
    try mirror.update(stream.ring)
    let written = ["41.snd", "42.snd", "43.snd", "44.mp3", "era", "live.m3u8", "notes.txt", "running"]
    #expect(temporary.files("live") == written)

    var memory = try CrashMemory(folder: folder.absolutePath)
    defer { memory.remove() }
    var killed = stream.segmenter
    killed.append(Array(MadeUpFrames.frame(170).dropLast()))
    try memory.note(killed.recording)
    let restored = try StreamFolder(directory: temporary.path, stream: "live", packaging: Self.packaging, log: log)
      .restore(targetDuration: 1, log: log)
    #expect(restored.complaints.isEmpty)
    #expect(restored.segments.map { "\($0.name)" } == (41...44).map { "\($0).snd" })
    #expect(restored.segments.prefix(3).map(\.bytes) == stream.ring.segments.map(\.bytes))
    #expect(restored.segments.last?.bytes == tag(150) + MadeUpFrames.frames(150..<170))
    #expect(restored.segments.last?.samples == 20 * Self.frameSamples)
    #expect(restored.segments.allSatisfy { !$0.discontinuity } && restored.nextSequence == 45)
  }

  @Test func `a folder of MP3 is not taken for its own`() throws {
    let temporary = TemporaryFolder()
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    for sequence in 5...7 { try folder.replace("\(sequence).mp3", Segments.make(sequence).bytes) }
    try folder.replace("live.m3u8", Array(Segments.ring(5...7).playlist.text().utf8))
    let log = Log(level: .error)
    let found = try StreamFolder(directory: temporary.path, stream: "live", packaging: Self.packaging, log: log)
    #expect(found.restore(targetDuration: 2, log: log).segments.isEmpty)
    found.traces.remove()
  }
}
