import Core
import HLS
import HTTP

/// Everything that listeners can get of a stream at one moment. Immutable, except that the growing body grows.
final class Edition: Sendable {
  /// A complete segment, its parts, and its peaks.
  struct Media: Sendable {
    let whole: Representation
    let parts: [Representation]
    /// Nil where nobody has measured the sound.
    let peaks: SegmentPeaks?
  }

  /// The segment that is being recorded.
  struct Recording: Sendable {
    let sequence: Int
    /// Whether there is more than the number: before the first sound there is not.
    let hasBegun: Bool
    let body: GrowingBody
    let growing: GrowingRepresentation
    let parts: [Representation]
  }

  struct Playlists: Sendable {
    let plain: TokenVariants<Representation>
    let lowLatency: LowLatency
  }

  /// The complete segments.
  struct Segments: Sendable {
    /// Media sequence number of the first of `media`.
    let first: Int
    let media: [Media]
    /// The number of segments in the playlist, the last ones of `media`; the others have just left it.
    let listed: Int
    /// Whether no segment follows.
    let ended: Bool
  }

  /// Counts up from 1 with each change.
  let number: Int
  /// The era of the segments.
  let era: Era
  private let audience: Audience
  let playlists: Playlists
  let segments: Segments
  let recording: Recording
  /// Nil before the first part is whole.
  let endless: EndlessRepresentation?
  /// The peaks of the listed segments.
  let ringPeaks: Lazy<Representation>
  /// The titles of the last hours, with their dates.
  let played: Lazy<Representation>
  /// The titles since the first sample that is listed.
  let history: NowPlayingHistory

  init(
    number: Int, era: Era, audience: Audience, playlists: Playlists, segments: Segments, recording: Recording,
    endless: EndlessRepresentation?, ringPeaks: Lazy<Representation>, played: Lazy<Representation>,
    history: NowPlayingHistory
  ) {
    self.number = number
    self.era = era
    self.audience = audience
    self.playlists = playlists
    self.segments = segments
    self.recording = recording
    self.endless = endless
    self.ringPeaks = ringPeaks
    self.played = played
    self.history = history
  }

  var first: Int { segments.first }
  var media: [Media] { segments.media }
  var listed: Int { segments.listed }
  var ended: Bool { segments.ended }

  /// The complete segment with that media sequence number; nil if it is gone or not complete yet.
  func segment(_ sequence: Int) -> Media? {
    sequence >= first && sequence - first < media.count ? media[sequence - first] : nil
  }
}

extension Edition {
  enum Outcome {
    case response(Response)
    /// The resource does not exist yet, but soon will.
    case later
    /// 404, with the reason.
    case missing(String)
  }

  /// - Parameters:
  ///   - era: the era in the path; nil if the path has none.
  ///   - token: the token for the URIs of a playlist.
  func outcome(for resource: Resource, in era: Era? = nil, _ request: Request, carrying token: Token?) -> Outcome {
    switch resource {
    case .segment, .part, .peaks:
      if let era, era != self.era { return .missing("the segments of \(era) are gone") }
      let outcome = outcome(for: resource, request, token)
      guard era == nil, case .response(let response) = outcome, response.status < 400 else { return outcome }
      // A later era may have a segment of the same number.
      return .response(response.replacing("Cache-Control", by: audience.anew(sharedFor: 1)))
    case .playlist, .lowLatencyPlaylist, .endless, .ringPeaks, .played: return outcome(for: resource, request, token)
    }
  }

  private func outcome(for resource: Resource, _ request: Request, _ token: Token?) -> Outcome {
    switch resource {
    case .playlist: media.isEmpty && !ended ? .later : .response(playlists.plain[token].response(to: request))
    case .lowLatencyPlaylist:
      media.isEmpty && recording.parts.isEmpty && !ended
        ? .later : playlists.lowLatency.outcome(for: request, carrying: token)
    case .segment(let sequence): outcome(forSegment: sequence, request)
    case .part(let sequence, let index): outcome(forPart: index, of: sequence, request)
    case .peaks(let sequence): outcome(forPeaksOf: sequence, request)
    case .ringPeaks: .response(ringPeaks.value.response(to: request))
    case .played: .response(played.value.response(to: request))
    case .endless:
      ended ? .missing("the stream has ended") : endless.map { .response($0.response(to: request)) } ?? .later
    }
  }

  private func outcome(forSegment sequence: Int, _ request: Request) -> Outcome {
    if let segment = segment(sequence) { return .response(segment.whole.response(to: request)) }
    if sequence < recording.sequence { return .missing("segment \(sequence) is gone") }
    if ended { return .missing("segment \(sequence) will not come: the stream has ended") }
    if sequence == recording.sequence, recording.hasBegun {
      let wantsEveryFrame = request.query.contains { $0.name == "prompt" }
      return .response(recording.growing.response(to: request, everyFrame: wantsEveryFrame))
    }
    // A request may be early for the next segment, but not for those after it.
    return sequence <= recording.sequence + 1 ? .later : .missing("segment \(sequence) is not there yet")
  }

  private func outcome(forPeaksOf sequence: Int, _ request: Request) -> Outcome {
    if let segment = segment(sequence) {
      // Those of a segment that an earlier run has left come later, or never.
      return segment.peaks?.representation.map { .response($0.response(to: request)) }
        ?? .missing("the peaks of segment \(sequence) are not known")
    }
    if sequence < recording.sequence { return .missing("segment \(sequence) is gone") }
    if ended { return .missing("segment \(sequence) will not come: the stream has ended") }
    // The recording segment is complete soon. Its peaks are complete then, too, and stay the same from then on.
    return sequence <= recording.sequence + 1 ? .later : .missing("segment \(sequence) is not there yet")
  }

  private func outcome(forPart index: Int, of sequence: Int, _ request: Request) -> Outcome {
    let parts = sequence == recording.sequence ? recording.parts : segment(sequence)?.parts ?? []
    if index < parts.count { return .response(parts[index].response(to: request)) }
    // rfc8216bis §6.2.6: a request for the hinted part is held "until all bytes of the hinted resource are available".
    if sequence == recording.sequence, index == parts.count, !ended { return .later }
    return .missing("there is no part \(index) of segment \(sequence)")
  }
}

/// The low-latency playlist of an edition, in the forms that a request may ask for; each is rendered at the first request.
struct LowLatency: Sendable {
  let playlist: LowLatencyPlaylist
  private let forms: [TokenVariants<Representation>]

  init(
    _ playlist: LowLatencyPlaylist, folder: String, targetDuration: Int, published: WallTime, for audience: Audience
  ) {
    self.playlist = playlist
    forms = [(false, false), (false, true), (true, false), (true, true)].map { delta, blocking in
      TokenVariants { token in
        .playlist(
          playlist.text(folder: folder, query: token?.query, delta: delta),
          // rfc8216bis §B.2: the answer to a blocking request "SHOULD be cached … for six Target Durations"; an answer to
          // any other request is outdated with the next part.
          maxAge: blocking ? 6 * targetDuration : 0, published: published, for: audience)
      }
    }
  }

  func outcome(for request: Request, carrying token: Token?) -> Edition.Outcome {
    let (reload, delta): (BlockingReload?, Bool)
    do {
      (reload, delta) = (try BlockingReload(query: request.query), try BlockingReload.wantsDelta(query: request.query))
    } catch {
      return .response(.text(400, "\(error)\n"))
    }
    switch reload?.verdict(playlist.progress, advancePartLimit: playlist.advancePartLimit) ?? .answer {
    case .hold: return .later
    case .refuse(let reason): return .response(.text(400, "\(reason)\n"))
    case .answer:
      return .response(forms[(delta ? 2 : 0) + (reload == nil ? 0 : 1)][token].response(to: request))
    }
  }
}

extension Representation {
  /// Media whose URL never means anything else, so that a cache may keep them without limit.
  static func media(
    _ bytes: [UInt8], contentType: String, published: WallTime, for audience: Audience
  ) -> Representation {
    Representation(
      bytes, contentType: contentType, cacheControl: audience.unlimited,
      validators: .init(lastModified: published.microseconds / 1_000_000), features: .ranges, headers: audience.headers)
  }

  /// Peaks of the ring, which change with each segment.
  static func news(_ bytes: [UInt8], published: WallTime, for audience: Audience) -> Representation {
    Representation(
      bytes, contentType: SegmentPeaks.mediaType, cacheControl: audience.anew(sharedFor: 1),
      validators: .init(lastModified: published.microseconds / 1_000_000), features: .compressed,
      headers: audience.headers)
  }

  /// - Parameter maxAge: seconds; with 0 a client asks again each time, and a shared cache each second.
  static func playlist(
    _ text: String, maxAge: Int, published: WallTime, for audience: Audience
  ) -> Representation {
    Representation(
      Array(text.utf8), contentType: "application/vnd.apple.mpegurl",
      cacheControl: maxAge > 0 ? "\(audience.caches.rawValue), max-age=\(maxAge)" : audience.anew(sharedFor: 1),
      validators: .init(lastModified: published.microseconds / 1_000_000), features: .compressed,
      headers: audience.headers)
  }
}
