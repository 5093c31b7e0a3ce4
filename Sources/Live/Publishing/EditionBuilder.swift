import HLS
import HTTP

/// Makes editions on the capture thread: each body is copied and hashed once, for all listeners and all editions.
struct EditionBuilder {
  private let stream: String
  private let era: Era
  private let partFrames: Int
  /// The most bytes of a segment.
  private let capacity: Int
  private let audience: Audience
  private var endless: EndlessStream
  /// Editions made so far.
  private var count = 0
  /// The answers for the ring's segments, by media sequence number.
  private var media: [Int: Edition.Media] = [:]
  /// The segment that is being recorded, as far as it was built.
  private var sequence = 0
  private var body = GrowingBody(capacity: 0)
  private var parts: [Representation] = []

  /// - Parameters:
  ///   - era: of all segments.
  ///   - partFrames: encoded frames a part.
  ///   - capacity: the most bytes of a segment.
  init(
    stream: String, era: Era, partFrames: Int, capacity: Int, endless: EndlessStream, for audience: Audience
  ) {
    self.stream = stream
    self.era = era
    self.partFrames = partFrames
    self.capacity = capacity
    self.endless = endless
    self.audience = audience
  }

  /// Appends to the growing body the frames of the recording segment that are whole: a segment that is restored after a kill
  /// ends with a whole frame.
  func grow(_ recording: RecordingSegment) {
    guard recording.sequence == sequence, recording.isStarted else { return }
    let packaging = recording.packaging
    let end = packaging.endOfWholeFrames(in: recording.bytes, from: max(body.count, packaging.preambleLength))
    body.append(recording.bytes[body.count..<end])
  }

  /// Makes the edition of `ring` and the segment after it.
  /// - Returns: the edition, and the body of the segment that it completes, if it does.
  mutating func edition(
    _ ring: Ring, _ recording: RecordingSegment, _ history: NowPlayingHistory = NowPlayingHistory()
  ) -> (Edition, completed: GrowingBody?) {
    count += 1
    // At the end requests for a segment that will never come are let go.
    let completed = complete(ring) ?? (ring.ended ? body : nil)
    if recording.sequence != sequence { begin(recording) }
    grow(recording)
    for part in recording.parts[parts.count...] { add(part, of: recording) }
    return (built(ring, recording, history), completed)
  }

  private mutating func begin(_ recording: RecordingSegment) {
    sequence = recording.sequence
    body = GrowingBody(capacity: capacity)
    parts = []
    endless.append(body, from: recording.packaging.preambleLength)
  }

  /// Keeps the answers for the ring's segments, and no others.
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
      // All parts but the last are made already.
      let recording = RecordingSegment(segment)
      for part in segment.parts[self.parts.count...] { add(part, of: recording) }
      parts = self.parts
    }
    return Edition.Media(
      whole: .media(
        segment.bytes, contentType: segment.packaging.mediaType, published: segment.end, for: audience),
      parts: parts)
  }

  private mutating func add(_ part: Part, of recording: RecordingSegment) {
    // rfc8216bis §3.1.3: each part is packed audio by itself and starts with its own timestamp.
    let preamble = recording.packaging.preamble(after: part.start, sampleRate: recording.sampleRate)
    parts.append(
      .media(
        preamble + recording.bytes[part.range], contentType: recording.packaging.mediaType, published: recording.date,
        for: audience))
    endless.add(part)
  }

  private func built(_ ring: Ring, _ recording: RecordingSegment, _ history: NowPlayingHistory) -> Edition {
    let published = ring.segments.last?.end ?? recording.date
    let ranges = history.dateRanges
    let (folder, target, audience) = ("\(stream)/\(era)/", ring.targetDuration, audience)
    let playlist = TokenVariants { token in
      // Half a target duration is when a client that saw no change asks again (rfc8216bis §6.3.4).
      Representation.playlist(
        ring.playlist.text(folder: folder, query: token?.query, dateRanges: ranges), maxAge: target / 2,
        published: published, for: audience)
    }
    return Edition(
      number: count, era: era, audience: audience,
      playlists: Edition.Playlists(
        plain: playlist,
        lowLatency: LowLatency(
          LowLatencyPlaylist(ring: ring, recording: recording, partFrames: partFrames, dateRanges: ranges),
          folder: folder, targetDuration: target, published: published, for: audience)),
      segments: Edition.Segments(
        first: ring.segments.first?.sequence ?? 0, media: ring.segments.compactMap { media[$0.sequence] },
        listed: ring.listed.count, ended: ring.ended),
      recording: Edition.Recording(
        sequence: sequence, hasBegun: !recording.bytes.isEmpty, body: body,
        growing: GrowingRepresentation(
          body, contentType: recording.packaging.mediaType, cacheControl: Representation.unlimited(audience),
          headers: audience.headers + (ranges.last.map { [$0.field] } ?? [])),
        parts: parts),
      endless: endless.representation, history: history)
  }
}
