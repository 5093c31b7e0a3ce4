/// What one listener asks for, one thing after another. Pure: it is told what came, and says what is next.
struct Course {
  enum Step: Equatable {
    case playlist(path: String)
    case media(path: String)
    case endless(path: String)
    /// Nanoseconds on the caller's clock at which to ask again.
    case wait(until: Int)
    case ended
  }

  private let mode: Options.Mode
  private let path: String
  private let stream: String
  /// Whether it asks for the part that is hinted.
  private let followsHints: Bool

  private var playlist: MediaPlaylist?
  private var isChanged = false
  /// When the playlist at hand was asked for.
  private var loadedAt = 0
  /// The segment to get next, and the part of it.
  private var sequence: Int?
  private var part = 0
  /// Whether the playlist at hand was to be held until the part was in it.
  private var isDirected = false
  /// What is asked for.
  private var asked: Asked?
  /// Media that had to be left out.
  private(set) var lost = 0

  private enum Asked {
    case playlist
    case segment
    case part(MediaPlaylist.Part)
    case endless
  }

  init(_ options: Options, number: Int) {
    (mode, stream) = (options.mode, options.stream)
    followsHints = number % 2 == 1
    path =
      switch options.mode {
      case .plain, .growing: options.url.path + "\(options.stream).m3u8"
      case .lowLatency: options.url.path + "\(options.stream)-ll.m3u8"
      case .hls, .endless: options.url.path
      }
  }

  /// Begins again, after an error.
  mutating func reset() {
    (playlist, sequence, part, asked, isDirected) = (nil, nil, 0, nil, false)
  }

  /// A playlist has come, which was asked for at `time`.
  mutating func received(_ new: MediaPlaylist, askedAt time: Int) {
    isChanged = playlist !== new
    (playlist, loadedAt) = (new, time)
    if sequence == nil { begin(new) }
  }

  private mutating func begin(_ new: MediaPlaylist) {
    switch mode {
    case .plain, .hls:
      // RFC 8216 §6.3.3: "the client SHOULD NOT choose a segment that starts less than three target durations from the
      // end of the Playlist".
      sequence = max(new.mediaSequence, new.nextSequence - 3)
    case .growing: sequence = new.nextSequence
    case .lowLatency:
      let first = new.parts.last ?? new.hint
      (sequence, part) = (first?.sequence ?? new.nextSequence, first?.index ?? 0)
    case .endless: break
    }
  }

  /// The media asked for has come to its end.
  mutating func receivedMedia() {
    guard let sequence else { return }
    if case .part = asked { part += 1 } else { self.sequence = sequence + 1 }
  }

  mutating func next(now: Int) -> Step {
    switch mode {
    case .endless:
      asked = .endless
      return .endless(path: path)
    case .plain, .hls: return nextSegment(now: now)
    case .growing:
      guard let sequence else { return load() }
      asked = .segment
      return .media(path: "\(URL.resolve(stream, beside: path))/\(sequence).mp3")
    case .lowLatency: return nextPart(now: now)
    }
  }

  private mutating func load(_ query: String = "") -> Step {
    asked = .playlist
    return .playlist(path: path + query)
  }

  private mutating func nextSegment(now: Int) -> Step {
    guard let playlist, let sequence else { return load() }
    if sequence < playlist.mediaSequence {
      lost += playlist.mediaSequence - sequence
      self.sequence = playlist.mediaSequence
    }
    let index = self.sequence! - playlist.mediaSequence
    if index < playlist.uris.count {
      asked = .segment
      return .media(path: URL.resolve(playlist.uris[index], beside: path))
    }
    if playlist.isEnded { return .ended }
    // RFC 8216 §6.3.4: "the client MUST wait for at least the target duration before attempting to reload the Playlist
    // file again, measured from the last time the client began loading the Playlist file"; where it "has not changed,
    // then it MUST wait for a period of one-half the target duration before retrying".
    let wait = playlist.targetDuration * (isChanged ? 1_000_000_000 : 500_000_000)
    return loadedAt + wait <= now ? load() : .wait(until: loadedAt + wait)
  }

  private mutating func nextPart(now: Int) -> Step {
    guard let playlist, let sequence else { return load() }
    if let found = find(sequence, part, in: playlist) {
      (self.sequence, part, asked, isDirected) = (found.sequence, found.index, .part(found), false)
      return .media(path: URL.resolve(found.uri, beside: path))
    }
    if playlist.isEnded { return .ended }
    if isDirected {
      // It was not held, or is past.
      (lost, isDirected) = (lost + 1, false)
      begin(playlist)
    }
    isDirected = true
    // The part that was hinted is here before its playlist.
    let known = followsHints ? max(0, part - 1) : part
    return load("?_HLS_msn=\(self.sequence!)&_HLS_part=\(known)")
  }

  /// That part, or where its segment is complete and has no such part, the first of the next segment.
  private func find(_ sequence: Int, _ index: Int, in playlist: MediaPlaylist) -> MediaPlaylist.Part? {
    let known = followsHints ? playlist.parts + [playlist.hint].compactMap { $0 } : playlist.parts
    if let part = known.first(where: { $0.sequence == sequence && $0.index == index }) { return part }
    guard sequence < playlist.nextSequence else { return nil }
    return known.first { $0.sequence == sequence + 1 && $0.index == 0 }
  }
}
