import Core
import HLS
import HTTP

/// All that listeners can get of a stream at one moment. Immutable, but for the growing body, which only grows.
struct Edition: Sendable {
  /// A complete segment, and its parts.
  struct Media: Sendable {
    let whole: Representation
    let parts: [Representation]
  }

  /// The segment that is being recorded.
  struct Open: Sendable {
    let sequence: Int
    /// Whether it is known of more than its number.
    let hasBegun: Bool
    let body: GrowingBody
    let growing: GrowingRepresentation
    let parts: [Representation]
  }

  /// Counts up from 1 with each change.
  let number: Int
  let playlist: TokenVariants<Representation>
  let lowLatency: LowLatency
  /// Media sequence number of the first of `media`.
  let first: Int
  let media: [Media]
  /// How many of them, the last ones, are in the playlist; the others have just left it.
  let listed: Int
  let open: Open
  /// Nil before the first part is whole.
  let endless: EndlessRepresentation?
  /// What has been playing since the first sample that is listed.
  let history: NowPlayingHistory
  let ended: Bool

  /// The complete segment with that media sequence number, if it is still or already there.
  func segment(_ sequence: Int) -> Media? {
    sequence >= first && sequence - first < media.count ? media[sequence - first] : nil
  }
}

extension Edition {
  enum Outcome {
    case response(Response)
    /// It will be there, and isn't yet.
    case later
    /// 404, with the reason.
    case missing(String)
  }

  /// - Parameter token: what the URIs of a playlist are to carry.
  func outcome(for resource: Resource, _ request: Request, carrying token: Token?) -> Outcome {
    switch resource {
    case .playlist: media.isEmpty && !ended ? .later : .response(playlist[token].response(to: request))
    case .lowLatencyPlaylist:
      media.isEmpty && open.parts.isEmpty && !ended ? .later : lowLatency.outcome(for: request, carrying: token)
    case .segment(let sequence): outcome(forSegment: sequence, request)
    case .part(let sequence, let index): outcome(forPart: index, of: sequence, request)
    case .endless:
      ended ? .missing("the stream has ended") : endless.map { .response($0.response(to: request)) } ?? .later
    }
  }

  private func outcome(forSegment sequence: Int, _ request: Request) -> Outcome {
    if let segment = segment(sequence) { return .response(segment.whole.response(to: request)) }
    if sequence < open.sequence { return .missing("segment \(sequence) is gone") }
    if ended { return .missing("segment \(sequence) will not come: the stream has ended") }
    if sequence == open.sequence, open.hasBegun {
      let isPrompt = request.query.contains { $0.name == "prompt" }
      return .response(open.growing.response(to: request, promptly: isPrompt))
    }
    // The next one may be asked for ahead of time, those after it not.
    return sequence <= open.sequence + 1 ? .later : .missing("segment \(sequence) is not there yet")
  }

  private func outcome(forPart index: Int, of sequence: Int, _ request: Request) -> Outcome {
    let parts = sequence == open.sequence ? open.parts : segment(sequence)?.parts ?? []
    if index < parts.count { return .response(parts[index].response(to: request)) }
    // rfc8216bis §6.2.6: the part that is hinted is held "until all bytes of the hinted resource are available".
    if sequence == open.sequence, index == parts.count, !ended { return .later }
    return .missing("there is no part \(index) of segment \(sequence)")
  }
}

/// The low-latency playlist of an edition, in the forms that a request may ask for; made when one does.
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
          playlist.text(folder: folder, delta: delta).carrying(token),
          // rfc8216bis §B.2: the answer to a blocking request "SHOULD be cached … for six Target Durations"; what is not
          // asked for by number is outdated with the next part.
          maxAge: blocking ? 6 * targetDuration : 0, published: published, for: audience)
      }
    }
  }

  func outcome(for request: Request, carrying token: Token?) -> Edition.Outcome {
    let reload: BlockingReload?
    do {
      reload = try BlockingReload(query: request.query)
    } catch {
      return .response(.text(400, "\(error)\n"))
    }
    switch reload?.verdict(playlist.progress, advancePartLimit: playlist.advancePartLimit) ?? .answer {
    case .hold: return .later
    case .refuse(let reason): return .response(.text(400, "\(reason)\n"))
    case .answer:
      // §6.2.5.1: `_HLS_skip=YES`, or `v2` from a client that takes skipped date ranges too; none is.
      let skip = request.query.first { $0.name == "_HLS_skip" }?.value
      let delta = skip == "YES" || skip == "v2"
      return .response(forms[(delta ? 2 : 0) + (reload == nil ? 0 : 1)][token].response(to: request))
    }
  }
}

extension Representation {
  /// Media whose URL never means anything else, so that whoever may keep them may keep them as long as they like.
  static func media(_ bytes: [UInt8], published: WallTime, for audience: Audience) -> Representation {
    Representation(
      bytes, contentType: "audio/mpeg", cacheControl: Self.forGood(audience),
      lastModified: published.microseconds / 1_000_000, ranges: true, compressed: false, headers: audience.headers)
  }

  static func forGood(_ audience: Audience) -> String { "\(audience.caches.rawValue), max-age=31536000, immutable" }

  /// - Parameter maxAge: seconds; 0 is to be asked for anew each time, and by a shared cache each second.
  static func playlist(
    _ text: String, maxAge: Int, published: WallTime, for audience: Audience
  ) -> Representation {
    Representation(
      Array(text.utf8), contentType: "application/vnd.apple.mpegurl",
      cacheControl: maxAge > 0 ? "\(audience.caches.rawValue), max-age=\(maxAge)" : audience.anew(sharedFor: 1),
      lastModified: published.microseconds / 1_000_000, ranges: false, compressed: true, headers: audience.headers)
  }
}
