import Core
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
  /// The peaks of the segments that earlier runs have left, by media sequence number.
  private var restoredPeaks: [Int: SegmentPeaks]
  /// The segment that is being recorded, as far as it was built.
  private var sequence = 0
  private var body = GrowingBody(capacity: 0)
  private var parts: [Representation] = []
  /// Those of the last edition: most editions change neither.
  private var ringPeaks: RingPeaks?
  private var played: (titles: PlayedTitles, document: Lazy<Representation>)?

  private struct RingPeaks {
    /// The listed segments, and the number of those whose peaks are known.
    let first: Int?
    let (count, known): (Int, Int)
    let resource: Lazy<Representation>
  }

  /// - Parameters:
  ///   - era: of all segments.
  ///   - partFrames: encoded frames a part.
  ///   - capacity: the most bytes of a segment.
  ///   - restoredPeaks: of the segments that earlier runs have left, by media sequence number.
  init(
    stream: String, era: Era, partFrames: Int, capacity: Int, endless: EndlessStream,
    restoredPeaks: [Int: SegmentPeaks] = [:],
    for audience: Audience
  ) {
    self.restoredPeaks = restoredPeaks
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
  /// - Parameter peaks: of the newest segment, if the edition completes that segment.
  /// - Returns: the edition, and the body of the segment that it completes, if it does.
  mutating func edition(
    _ ring: Ring, _ recording: RecordingSegment, _ history: NowPlayingHistory = NowPlayingHistory(),
    _ played: PlayedTitles = PlayedTitles(), peaks: Peaks? = nil
  ) -> (Edition, completed: GrowingBody?) {
    count += 1
    // At the end requests for a segment that will never come are let go.
    let completed = complete(ring, peaks) ?? (ring.ended ? body : nil)
    if recording.sequence != sequence { begin(recording) }
    grow(recording)
    for part in recording.parts[parts.count...] { add(part, of: recording) }
    return (built(ring, recording, history, played), completed)
  }

  private mutating func begin(_ recording: RecordingSegment) {
    sequence = recording.sequence
    body = GrowingBody(capacity: capacity)
    parts = []
    endless.append(body, from: recording.packaging.preambleLength)
  }

  /// Keeps the answers for the ring's segments, and no others.
  private mutating func complete(_ ring: Ring, _ peaks: Peaks?) -> GrowingBody? {
    var completed: GrowingBody?
    var kept: [Int: Edition.Media] = [:]
    for segment in ring.segments {
      kept[segment.sequence] =
        media[segment.sequence]
        ?? make(
          segment, segment.sequence == ring.segments.last?.sequence ? peaks : nil, &completed)
    }
    media = kept
    restoredPeaks = restoredPeaks.filter { kept[$0.key] == nil }
    return completed
  }

  private mutating func make(_ segment: Segment, _ peaks: Peaks?, _ completed: inout GrowingBody?) -> Edition.Media {
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
      parts: parts,
      peaks: peaks.map { SegmentPeaks($0, published: segment.end, for: audience) } ?? restoredPeaks[segment.sequence])
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

  private mutating func peaks(of ring: Ring, published: WallTime) -> Lazy<Representation> {
    let listed = ring.listed.map(\.sequence)
    let known = listed.count { media[$0]?.peaks?.representation != nil }
    if let ringPeaks, (ringPeaks.first, ringPeaks.count, ringPeaks.known) == (listed.first, listed.count, known) {
      return ringPeaks.resource
    }
    let resource = Lazy { [media, audience] in
      Representation.news(
        SegmentPeaks.bytes(of: listed.map { ($0, media[$0]?.peaks) }), published: published, for: audience)
    }
    ringPeaks = RingPeaks(first: listed.first, count: listed.count, known: known, resource: resource)
    return resource
  }

  private mutating func document(of titles: PlayedTitles, published: WallTime) -> Lazy<Representation> {
    if let played, played.titles == titles { return played.document }
    let document = Lazy { [audience] in
      Representation.news(
        PlayedDocument.json(titles), at: published, cacheControl: audience.anew(sharedFor: 1), compressed: true,
        headers: audience.headers)
    }
    played = (titles, document)
    return document
  }

  private mutating func built(
    _ ring: Ring, _ recording: RecordingSegment, _ history: NowPlayingHistory, _ played: PlayedTitles
  ) -> Edition {
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
          body, contentType: recording.packaging.mediaType, cacheControl: audience.unlimited,
          headers: audience.headers + (ranges.last.map { [$0.field] } ?? [])),
        parts: parts),
      endless: endless.representation,
      ringPeaks: peaks(of: ring, published: published), played: document(of: played, published: published),
      history: history)
  }
}
