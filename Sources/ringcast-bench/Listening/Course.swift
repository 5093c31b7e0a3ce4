import System

/// The sequence of requests of one listener. Pure: it is told of each answer, and decides the next request.
struct Course {
  enum Step: Equatable {
    case playlist(path: String)
    case media(path: String)
    case endless(path: String)
    case events(path: String)
    /// Ask again at that instant.
    case wait(until: MonotonicTime)
    case ended
  }

  private let mode: Options.Mode
  private let path: String
  /// Whether the listener requests the hinted part.
  private let followsHints: Bool

  private var playlist: MediaPlaylist?
  private var isChanged = false
  /// The time at which the current playlist was requested.
  private var loadedAt = MonotonicTime(nanoseconds: 0)
  /// The segment to get next, and the part of it.
  private var sequence: Int?
  private var part = 0
  /// Whether the server was asked to hold the playlist until it contains the part.
  private var isDirected = false
  /// The current request.
  private var asked: Asked?
  /// Media that were skipped.
  private(set) var lost = 0

  private enum Asked {
    case playlist
    case segment
    case part(MediaPlaylist.Part)
    case endless
    case events
  }

  init(_ options: Options, number: Int) {
    mode = options.mode
    followsHints = number % 2 == 1
    path =
      switch options.mode {
      case .plain, .growing: options.url.path + "\(options.stream).m3u8"
      case .lowLatency: options.url.path + "\(options.stream)-ll.m3u8"
      case .hls, .endless, .events: options.url.path
      }
  }

  /// Begins again, after an error.
  mutating func reset() {
    playlist = nil
    sequence = nil
    part = 0
    asked = nil
    isDirected = false
  }

  /// A playlist has arrived, requested at `time`.
  mutating func received(_ new: MediaPlaylist, askedAt time: MonotonicTime) {
    isChanged = playlist !== new
    playlist = new
    loadedAt = time
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
    case .endless, .events: break
    }
  }

  /// The requested media has arrived completely.
  mutating func receivedMedia() {
    guard let sequence else { return }
    if case .part = asked { part += 1 } else { self.sequence = sequence + 1 }
  }

  mutating func next(now: MonotonicTime) -> Step {
    switch mode {
    case .endless:
      asked = .endless
      return .endless(path: path)
    case .events:
      asked = .events
      return .events(path: path)
    case .plain, .hls: return nextSegment(now: now)
    case .growing:
      guard let sequence, let listed = playlist?.uris.last else { return load() }
      asked = .segment
      // Like the page: each segment is beside the one before, and its name is its number.
      return .media(path: URL.resolve(URL.resolve("\(sequence).mp3", beside: listed), beside: path))
    case .lowLatency: return nextPart(now: now)
    }
  }

  private mutating func load(_ query: String = "") -> Step {
    asked = .playlist
    return .playlist(path: path + query)
  }

  private mutating func nextSegment(now: MonotonicTime) -> Step {
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
    let target = Duration.seconds(playlist.targetDuration)
    let due = loadedAt + (isChanged ? target : target / 2)
    return due <= now ? load() : .wait(until: due)
  }

  private mutating func nextPart(now: MonotonicTime) -> Step {
    guard let playlist, let sequence else { return load() }
    if let found = find(sequence, part, in: playlist) {
      self.sequence = found.sequence
      part = found.index
      asked = .part(found)
      isDirected = false
      return .media(path: URL.resolve(found.uri, beside: path))
    }
    if playlist.isEnded { return .ended }
    if isDirected {
      // The server did not hold the playlist, or the part is gone from it.
      (lost, isDirected) = (lost + 1, false)
      begin(playlist)
    }
    isDirected = true
    // A hinted part arrives before the playlist that lists it.
    let known = followsHints ? max(0, part - 1) : part
    return load("?_HLS_msn=\(self.sequence!)&_HLS_part=\(known)")
  }

  /// The part; or the first part of the next segment, if the segment is complete and has no such part.
  private func find(_ sequence: Int, _ index: Int, in playlist: MediaPlaylist) -> MediaPlaylist.Part? {
    let known = followsHints ? playlist.parts + [playlist.hint].compactMap { $0 } : playlist.parts
    if let part = known.first(where: { $0.sequence == sequence && $0.index == index }) { return part }
    guard sequence < playlist.nextSequence else { return nil }
    return known.first { $0.sequence == sequence + 1 && $0.index == 0 }
  }
}
