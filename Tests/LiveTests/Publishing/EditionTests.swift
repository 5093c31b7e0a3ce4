import Codec
import Core
import HLS
import HTTP
import Testing

@testable import Live

@Suite struct EditionTests {
  /// Runs a segmenter through `frames` frames, two to a part, five or so to a segment, and makes an edition at each step.
  private struct Stream {
    var maker: EditionBuilder
    var ring = Ring(capacity: 4, targetDuration: 1)
    var segmenter = Segmenter(
      grid: Grid(codec: .mp3, sampleRate: 48_000, target: .milliseconds(120)), packaging: .packedAudio(.mp3),
      partFrames: 2, origin: WallTime(microseconds: 0), sequence: 1, discontinuity: false)
    var history = NowPlayingHistory()
    var edition: Edition
    var frames = 0

    init(burst: Int = 2_000_000, for audience: Audience = .everybody) {
      maker = EditionBuilder(partFrames: 2, capacity: 10_000, burst: burst, for: audience)
      edition = maker.edition(ring, segmenter.recording).0
    }

    /// - Returns: the body that the last step completed, if it did.
    @discardableResult
    mutating func run(to end: Int) -> GrowingBody? {
      var completed: GrowingBody?
      while frames < end {
        frames += 1
        segmenter.append([0xFF, 0xFB, 0x94, 0x44] + [UInt8](repeating: UInt8(truncatingIfNeeded: frames), count: 380))
        if frames == segmenter.nextCut {
          ring.append(segmenter.cut(at: frames)!)
        } else if frames == segmenter.nextPart {
          segmenter.closePart(at: frames)
        }
        history.date(by: segmenter.date(of:))
        (edition, completed) = maker.edition(ring, segmenter.recording, history)
      }
      return completed
    }
  }

  private enum FinishedExchange: Equatable {
    case content(Int, [UInt8])
    case growing(Int)
    case endless(Int)
    case later
    case missing
  }

  private func answer(_ edition: Edition, _ resource: Resource, query: [(String, String)] = []) -> FinishedExchange {
    let request = Request(
      method: .get, path: "/", query: query.map { (name: $0.0, value: $0.1) }, headers: [])
    switch edition.outcome(for: resource, request, carrying: nil) {
    case .response(let response):
      if response.endless != nil { return .endless(response.status) }
      return response.growing == nil ? .content(response.status, response.content) : .growing(response.status)
    case .later: return .later
    case .missing: return .missing
    }
  }

  @Test func `the ring's figures are those of the playlist, without what has just left it`() {
    var stream = Stream()
    #expect(stream.edition.ringFigures.first == nil && stream.edition.ringFigures.last == nil)
    stream.run(to: 500)
    let (listed, figures) = (stream.ring.listed, stream.edition.ringFigures)
    #expect(stream.ring.segments.count > listed.count)
    #expect(figures.first == listed.first?.sequence && figures.last == listed.last?.sequence)
    #expect(figures.segments == listed.count && figures.bytes == listed.reduce(0) { $0 + $1.bytes.count })
  }

  @Test func `a URL with the era means one segment for ever, and caches keep a URL without an era for a second`() throws
  {
    var stream = Stream()
    stream.run(to: 12)
    for resource in [Resource.segment(1), .segment(3), .part(2, index: 0)] {
      func response(in era: Era?) throws -> Response {
        let request = Request(method: .get, path: "/")
        guard case .response(let response) = stream.edition.outcome(for: resource, in: era, request, carrying: nil)
        else {
          throw CancellationError()
        }
        return response
      }
      let (long, short) = (try response(in: .sample), try response(in: nil))
      #expect(long.header("Cache-Control") == "public, max-age=31536000, immutable")
      #expect(short.header("Cache-Control") == "public, max-age=0, s-maxage=1")
      #expect(short.content == long.content && short.header("ETag") == long.header("ETag"))
      #expect(throws: CancellationError.self) { try response(in: Era(bits: 1)) }
    }
    let conditional = Request(method: .get, path: "/", headers: [("If-None-Match", "*")])
    guard case .response(let unchanged) = stream.edition.outcome(for: .segment(1), conditional, carrying: nil) else {
      throw CancellationError()
    }
    #expect(unchanged.status == 304 && unchanged.header("Cache-Control") == "public, max-age=0, s-maxage=1")
  }

  @Test func `segments are whole, growing, held or missing`() {
    var stream = Stream()
    stream.run(to: 12)
    // Segments 1 and 2 have 5 frames each; 3 has 2 so far.
    #expect(answer(stream.edition, .segment(1)) == .content(200, stream.ring.segments[0].bytes))
    #expect(answer(stream.edition, .segment(2)) == .content(200, stream.ring.segments[1].bytes))
    #expect(answer(stream.edition, .segment(3)) == .growing(200))
    #expect(answer(stream.edition, .segment(4)) == .later)
    #expect(answer(stream.edition, .segment(5)) == .missing)
  }

  @Test func `a segment is held until the one before is cut, and has nothing in it until its first frame is whole`() {
    var stream = Stream()
    stream.run(to: 9)
    #expect(answer(stream.edition, .segment(3)) == .later)
    stream.run(to: 10)
    #expect(answer(stream.edition, .segment(3)) == .growing(200))
    #expect(stream.edition.recording.body.count == 0)
    stream.run(to: 11)
    #expect(stream.edition.recording.body.count > 0)
  }

  @Test func `of a frame that is not whole nobody gets anything`() {
    var stream = Stream()
    stream.run(to: 11)
    let count = stream.edition.recording.body.count
    stream.segmenter.append([0xFF, 0xFB, 0x94, 0x44] + [UInt8](repeating: 7, count: 379))
    stream.maker.grow(stream.segmenter.recording)
    #expect(stream.edition.recording.body.count == count)
    stream.segmenter.append([7])
    stream.maker.grow(stream.segmenter.recording)
    #expect(stream.edition.recording.body.count == count + 384)
  }

  @Test func `a segment of which only the number is known is held`() {
    var maker = EditionBuilder(partFrames: 2, capacity: 10_000)
    let placeholder = RecordingSegment(
      SegmentStart(
        sequence: 7, packaging: .packedAudio(.mp3), sampleRate: 48_000, date: WallTime(microseconds: 0),
        discontinuity: false))
    let (edition, _) = maker.edition(Ring(capacity: 4, targetDuration: 1), placeholder)
    #expect(answer(edition, .segment(7)) == .later)
  }

  @Test func `a part is its own tag and its frames; the hinted one is held, others are missing`() {
    var stream = Stream()
    stream.run(to: 12)
    let segment = stream.ring.segments[1]
    for part in segment.parts {
      let expected = TimestampTag(samples: part.start, rate: 48_000).bytes + segment.bytes[part.range]
      #expect(answer(stream.edition, .part(2, index: part.index)) == .content(200, expected))
    }
    #expect(segment.parts.map(\.samples) == [2304, 2304, 1152])
    #expect(answer(stream.edition, .part(2, index: 3)) == .missing)
    guard case .content(200, let first) = answer(stream.edition, .part(3, index: 0)) else {
      return #expect(Bool(false))
    }
    #expect(first.count == 73 + 2 * 384)
    #expect(answer(stream.edition, .part(3, index: 1)) == .later)
    #expect(answer(stream.edition, .part(3, index: 2)) == .missing)
    #expect(answer(stream.edition, .part(4, index: 0)) == .missing)
  }

  @Test func `the endless stream is held until a part is whole, and missing when it has ended`() {
    var stream = Stream()
    stream.run(to: 1)
    #expect(answer(stream.edition, .endless) == .later)
    stream.run(to: 2)
    #expect(answer(stream.edition, .endless) == .endless(200))
    stream.run(to: 5)
    stream.ring.end()
    #expect(answer(stream.maker.edition(stream.ring, stream.segmenter.recording).0, .endless) == .missing)
  }

  @Test(arguments: [
    // A frame is 24 ms and 384 bytes; parts begin with the frames 0, 2, 4, 5, 7, 9, 10, …
    (0, 2, 0), (0, 4, 2), (48_000, 4, 2), (49_000, 4, 0), (0, 5, 4), (48_000, 5, 2), (0, 12, 10), (0, 13, 10),
    (120_000, 12, 7), (121_000, 12, 5), (10_000_000, 12, 0), (1_200_000, 400, 350), (1_201_000, 400, 349),
  ])
  func `the endless stream begins with a part, at least the burst behind the newest one`(
    burst: Int, frames: Int, begins: Int
  ) {
    var stream = Stream(burst: burst)
    stream.run(to: frames)
    #expect(stream.edition.endless?.place.offset == begins * 384)
  }

  @Test func `titles are told to those who ask for them, and to nobody else`() throws {
    var stream = Stream()
    stream.run(to: 12)
    func response(_ headers: [(name: String, value: String)], _ method: Request.Method = .get) throws -> Response {
      try #require(stream.edition.endless).response(to: Request(method: method, path: "/", headers: headers))
    }
    #expect(try response([]).header("icy-metaint") == nil)
    #expect(try response([(name: "Icy-MetaData", value: "0")]).header("icy-metaint") == nil)
    #expect(try response([(name: "icy-metadata", value: "1")]).header("icy-metaint") == "16000")
    #expect(try response([(name: "Range", value: "bytes=5-")]).status == 200)
    #expect(try response([], .head).headers.map(\.value) == response([]).headers.map(\.value))
    #expect(try response([], .options).status == 204)
    #expect(try response([], .put).status == 405)
  }

  @Test func `a body that grew is the segment that it becomes, byte for byte`() throws {
    var stream = Stream()
    let completed = stream.run(to: 5)
    let body = try #require(completed)
    let segment = stream.ring.segments[0]
    #expect(body.count == segment.bytes.count)
    #expect(body.array == segment.bytes)
  }

  @Test func `the answer for a segment is the same object from one edition to the next`() {
    var stream = Stream()
    stream.run(to: 5)
    let request = Request(method: .get, path: "/")
    let before = stream.edition.segment(1)?.whole.response(to: request)
    stream.run(to: 12)
    #expect(before != nil && before === stream.edition.segment(1)?.whole.response(to: request))
  }

  @Test func `a plain playlist waits for the first segment, a low-latency one for the first part`() {
    var stream = Stream()
    #expect(answer(stream.edition, .playlist) == .later)
    #expect(answer(stream.edition, .lowLatencyPlaylist) == .later)
    stream.run(to: 3)
    #expect(answer(stream.edition, .playlist) == .later)
    guard case .content(200, _) = answer(stream.edition, .lowLatencyPlaylist) else { return #expect(Bool(false)) }
    stream.run(to: 5)
    guard case .content(200, _) = answer(stream.edition, .playlist) else { return #expect(Bool(false)) }
  }

  @Test func `every URI of a playlist carries the token, and nothing else changes`() throws {
    var stream = Stream(for: .tokenHolders)
    stream.history.set(try NowPlaying(title: "song.mp3", artist: nil), from: 0)
    stream.run(to: 12)
    let token = try #require(Token("open-sesame"))
    for resource in [Resource.playlist, .lowLatencyPlaylist] {
      func response(_ token: Token?) throws -> Response {
        let request = Request(method: .get, path: "/")
        guard case .response(let response) = stream.edition.outcome(for: resource, request, carrying: token) else {
          throw CancellationError()
        }
        return response
      }
      let plain = try response(nil), carrying = try response(token)
      let text = String(decoding: carrying.content, as: UTF8.self)
      let uris = text.split(separator: "\n").filter { $0.contains("mp3") && !$0.hasPrefix("#EXT-X-DATERANGE") }
      #expect(text.contains("#EXT-X-DATERANGE:") && text.contains("X-TITLE=\"song.mp3\"\n"))
      #expect(uris.count > 1 && uris.allSatisfy { $0.contains(".mp3?token=open-sesame") })
      #expect(Array(text.replacing("?token=open-sesame", with: "").utf8) == plain.content)
      #expect(plain.header("ETag") != carrying.header("ETag"))
      for response in [plain, carrying] {
        #expect(response.header("Cache-Control") == "private, no-cache")
        #expect(response.headers.contains { $0.name == "Vary" && $0.value == "Authorization, Cookie" })
      }
      // Made once.
      #expect(try response(token) === carrying)
      #expect(try response(nil) === plain)
    }
    #expect(
      stream.edition.segment(1)?.whole.response(to: Request(method: .get, path: "/")).header("Cache-Control")
        == "private, max-age=31536000, immutable")
  }

  @Test func `a segment says what plays as it begins to grow, in ASCII`() throws {
    var stream = Stream()
    stream.run(to: 5)
    let request = Request(method: .get, path: "/")
    func field() -> String? { stream.edition.recording.growing.response(to: request).header("Ringcast-Date-Range") }
    #expect(field() == nil)
    // In the third segment.
    stream.history.set(try NowPlaying(title: "100 % Ravel", artist: "Böhm"), from: 12 * 1152)
    stream.run(to: 9)
    #expect(field() == nil)
    stream.run(to: 10)
    #expect(
      field() == "ID=\"288000\",CLASS=\"now-playing\",START-DATE=\"1970-01-01T00:00:00.288Z\",END-ON-NEXT=YES,"
        + "X-TITLE=\"100 %25 Ravel\",X-ARTIST=\"B%C3%B6hm\"")
    #expect(stream.edition.history.playing(at: 12 * 1152).artist == "Böhm")
  }

  @Test func `a blocking reload is held until what it names is there`() {
    var stream = Stream()
    stream.run(to: 10)
    let query = [("_HLS_msn", "3"), ("_HLS_part", "1")]
    #expect(answer(stream.edition, .lowLatencyPlaylist, query: query) == .later)
    stream.run(to: 13)
    #expect(answer(stream.edition, .lowLatencyPlaylist, query: query) == .later)
    stream.run(to: 14)
    guard case .content(200, let text) = answer(stream.edition, .lowLatencyPlaylist, query: query) else {
      return #expect(Bool(false))
    }
    #expect(String(decoding: text, as: UTF8.self).contains("live/0123456789ab/3.1.mp3"))
    guard case .content(400, _) = answer(stream.edition, .lowLatencyPlaylist, query: [("_HLS_msn", "9")]) else {
      return #expect(Bool(false))
    }
  }

  @Test func `at the end nothing is held any more, and who waits is let go`() {
    var stream = Stream()
    stream.run(to: 5)
    stream.ring.end()
    let (edition, completed) = stream.maker.edition(stream.ring, stream.segmenter.recording)
    #expect(completed != nil)
    #expect(answer(edition, .segment(2)) == .missing)
    #expect(answer(edition, .segment(3)) == .missing)
    #expect(answer(edition, .part(2, index: 0)) == .missing)
    guard case .content(200, _) = answer(edition, .lowLatencyPlaylist, query: [("_HLS_msn", "9")]) else {
      return #expect(Bool(false))
    }
  }

  @Test func `segments are found by number, and no number overflows`() {
    var stream = Stream()
    stream.run(to: 400)
    // 80 segments of 0.12 s; 25 fill three target durations, and 2 × 25 + 2 are kept.
    #expect(stream.edition.first == 29 && stream.edition.media.count == 52)
    for sequence in 29...80 { #expect(stream.edition.segment(sequence) != nil) }
    for sequence in [28, 81, -1, .max, .min] { #expect(stream.edition.segment(sequence) == nil) }
  }
}
