import Codec
import HLS
import HTTP

/// Makes editions on the capture thread: each body is copied and hashed once, for all listeners and all editions.
struct EditionBuilder {
  private let stream: String
  private let partFrames: Int
  /// The most bytes of a segment.
  private let capacity: Int
  private let audience: Audience
  private var broadcast: EndlessStream
  private var count = 0
  private var media: [Int: Edition.Media] = [:]
  private var sequence = 0
  private var body = GrowingBody(capacity: 0)
  private var parts: [Representation] = []

  init(stream: String, partFrames: Int, capacity: Int, broadcast: EndlessStream, for audience: Audience) {
    (self.stream, self.partFrames, self.capacity, self.audience) = (stream, partFrames, capacity, audience)
    self.broadcast = broadcast
  }

  /// Brings the growing body up to the frames of its segment that are whole: what of a run that was killed is served
  /// again ends with one.
  func grow(_ open: RecordingSegment) {
    guard open.sequence == sequence, open.isStarted else { return }
    let end = FrameRun.end(in: open.bytes, from: max(body.count, TimestampTag.length))
    body.append(open.bytes[body.count..<end])
  }

  /// The edition of `ring` and the segment after it, and the body that it completes, if it does.
  mutating func edition(
    _ ring: Ring, _ open: RecordingSegment, _ history: NowPlayingHistory = NowPlayingHistory()
  ) -> (Edition, completed: GrowingBody?) {
    count += 1
    // Whoever waits for a segment that will never come is let go at the end.
    let completed = complete(ring) ?? (ring.ended ? body : nil)
    if open.sequence != sequence {
      (sequence, body, parts) = (open.sequence, GrowingBody(capacity: capacity), [])
      broadcast.goOn(in: body)
    }
    grow(open)
    for part in open.parts[parts.count...] { add(part, of: open) }
    return (edition(ring, open, history), completed)
  }

  /// Keeps the bodies of the ring's segments, and no others.
  private mutating func complete(_ ring: Ring) -> GrowingBody? {
    var completed: GrowingBody?
    var kept: [Int: Edition.Media] = [:]
    for segment in ring.segments {
      kept[segment.sequence] = media[segment.sequence] ?? make(segment, &completed)
    }
    media = kept
    return completed
  }

  private mutating func make(_ segment: Segment, _ completed: inout GrowingBody?) -> Edition.Media {
    var parts: [Representation] = []
    if segment.sequence == sequence {
      body.append(segment.bytes[body.count...])
      completed = body
      // All but the last are made already.
      let open = RecordingSegment(segment)
      for part in segment.parts[self.parts.count...] { add(part, of: open) }
      parts = self.parts
    }
    return Edition.Media(
      whole: .media(segment.bytes, published: segment.end, for: audience), parts: parts)
  }

  private mutating func add(_ part: Part, of open: RecordingSegment) {
    // rfc8216bis §3.1.3: each part is itself packed audio and starts with its own timestamp.
    let tag = TimestampTag(samples: part.start, rate: open.sampleRate)
    parts.append(.media(tag.bytes + open.bytes[part.range], published: open.date, for: audience))
    broadcast.add(part)
  }

  private func edition(_ ring: Ring, _ open: RecordingSegment, _ history: NowPlayingHistory) -> Edition {
    let published = ring.segments.last?.end ?? open.date
    let ranges = history.dateRanges
    let (folder, target, audience) = ("\(stream)/", ring.targetDuration, audience)
    let playlist = TokenVariants { token in
      // Half a target duration is when a client that saw no change asks again (rfc8216bis §6.3.4).
      Representation.playlist(
        ring.playlist.text(folder: folder, dateRanges: ranges).carrying(token), maxAge: target / 2,
        published: published, for: audience)
    }
    return Edition(
      number: count, playlist: playlist,
      lowLatency: LowLatency(
        LowLatencyPlaylist(ring: ring, open: open, partFrames: partFrames, dateRanges: ranges), folder: folder,
        targetDuration: target, published: published, for: audience),
      first: ring.segments.first?.sequence ?? 0, media: ring.segments.compactMap { media[$0.sequence] },
      listed: ring.listed.count,
      open: Edition.Open(
        sequence: sequence, hasBegun: !open.bytes.isEmpty, body: body,
        growing: GrowingRepresentation(
          body, contentType: "audio/mpeg", cacheControl: Representation.forGood(audience),
          headers: audience.headers + (ranges.last.map { [$0.field] } ?? [])),
        parts: parts),
      endless: broadcast.representation, history: history, ended: ring.ended)
  }
}
