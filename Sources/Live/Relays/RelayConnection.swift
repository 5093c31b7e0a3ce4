import Audio
import CCurl
import Core
import Synchronization
import System

/// One connection of a relay to an address: the request, and the sound of the answer, which a thread of its own decodes. The
/// relay's thread makes the connection and waits for its end.
final class RelayConnection: Sendable {
  /// The end of a connection.
  enum End: Equatable {
    case redirect(to: String?)
    case playlist([UInt8])
    /// - Parameter reason: the end of a sentence about the station.
    case failed(reason: String)
  }

  private struct State {
    /// The first reason for which the connection ends.
    var reason: String?
    var hasSound = false
  }

  /// The time in which the head of an answer must come.
  private static let answerTimeout = Duration.seconds(10)
  private static let roomTimeout = Duration.milliseconds(100)
  /// The first line of SHOUTcast's answers.
  private static let aliases = ["ICY 200 OK"]

  private let url: RelayURL
  private let access: RelayAccess?
  private let sound: SoundQueue
  private let bytes = ByteQueue()
  private let drained = Semaphore()
  private let isStopping: @Sendable () -> Bool
  private let onSound: @Sendable (SoundQueue) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - access: nil shows no password.
  ///   - format: to which the sound is converted.
  ///   - isStopping: whether the connection is to end.
  ///   - onSound: called on another thread when the first sound is decoded.
  init(
    _ url: RelayURL, _ access: RelayAccess?, format: PCMFormat, isStopping: @escaping @Sendable () -> Bool,
    onSound: @escaping @Sendable (SoundQueue) -> Void
  ) {
    (self.url, self.access, self.isStopping, self.onSound) = (url, access, isStopping, onSound)
    sound = SoundQueue(format: format)
  }

  /// Whether the connection has given sound.
  var hasSound: Bool { state.withLock { $0.hasSound } }

  /// Blocks until the connection ends.
  func run() -> End {
    // A relay that is stopped plays no more of the bytes that wait.
    defer { if isStopping() { bytes.discard() } }
    do throws(Transfer.Failure) {
      return try transfer()
    } catch {
      bytes.end()
      return .failed(reason: state.withLock { $0.reason } ?? "\(error)")
    }
  }

  private func transfer() throws(Transfer.Failure) -> End {
    let transfer = try Transfer(url.text)
    try transfer.set(CURLOPT_HTTPHEADER, ["Icy-MetaData: 1", "Accept: */*"])
    try transfer.set(CURLOPT_HTTP200ALIASES, Self.aliases)
    // An endless answer needs no HTTP/2.
    try transfer.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    if let access {
      try transfer.set(CURLOPT_USERNAME, access.user)
      try transfer.set(CURLOPT_PASSWORD, access.password)
    }
    var (head, meaning, playlist): (RelayHead, RelayHead.Meaning?, [UInt8]) = (RelayHead(), nil, [])
    var pace: RelayPace?
    let began = MonotonicTime.now
    transfer.onHead { line in
      head.take(Array(line))
      return true
    }
    transfer.onBody { [self, url] piece in
      let known = meaning ?? head.meaning(path: url.path)
      if meaning == nil { begin(known, interval: head.interval) }
      meaning = known
      switch known {
      case .sound:
        pace = pace ?? RelayPace(isMP3: Self.isMP3(known, piece), now: .now)
        pace?.note(bytes: piece.count)
        if put(piece) { pace?.pause(now: .now) }
        return !bytes.isEnded
      case .playlist:
        playlist += piece
        return playlist.count <= RelayPlaylist.longest
      case .redirect, .refused: return false
      }
    }
    do {
      try transfer.perform { [self] in
        if isStopping() || bytes.isEnded { return nil }
        if case .sound? = meaning {
          if let fault = pace?.fault(now: .now) { fail(fault) }
        } else if MonotonicTime.now - began > Self.answerTimeout {
          fail("it does not answer within \(Self.answerTimeout.components.seconds) s")
        }
        return bytes.isEnded ? nil : .seconds(1)
      }
    } catch {
      // The head of the answer says all.
      switch meaning ?? head.meaning(path: url.path) {
      case .redirect where head.status != 0: return .redirect(to: transfer.redirect)
      case .playlist where playlist.count > RelayPlaylist.longest:
        return .failed(reason: "its playlist has more than \(RelayPlaylist.longest) bytes")
      case .refused(let reason) where head.status != 0: return .failed(reason: reason)
      case .redirect, .playlist, .refused, .sound: throw error
      }
    }
    bytes.end()
    switch meaning ?? head.meaning(path: url.path) {
    case .redirect: return .redirect(to: transfer.redirect)
    case .playlist: return .playlist(playlist)
    case .refused(let reason): return .failed(reason: reason)
    case .sound: return .failed(reason: state.withLock { $0.reason } ?? "it has ended the stream")
    }
  }

  /// - Parameter first: the first bytes of the sound, which count more than the name of a format.
  private static func isMP3(_ meaning: RelayHead.Meaning, _ first: UnsafeRawBufferPointer) -> Bool {
    meaning == .sound(.mp3) && !first.starts(with: "OggS".utf8) && !first.starts(with: "fLaC".utf8)
  }

  private func begin(_ meaning: RelayHead.Meaning, interval: Int?) {
    guard case .sound(let format) = meaning else { return }
    bytes.onDrained { [drained] in drained.post() }
    NamedThread(name: "decode") { [self] in decode(format, interval: interval) }.detach()
  }

  /// Adds bytes of the sound, and waits until the decoder takes more.
  /// - Returns: whether the decoder had no room.
  private func put(_ piece: UnsafeRawBufferPointer) -> Bool {
    guard bytes.put(piece) else { return false }
    while !drained.wait(atMost: Self.roomTimeout) {
      if isStopping() || bytes.isEnded { break }
    }
    return true
  }

  /// Ends the connection, if no other reason has ended the connection before.
  private func fail(_ reason: String) {
    state.withLock { $0.reason = $0.reason ?? reason }
    bytes.discard()
  }

  // The decoder's side

  private func noteSound() {
    let isFirst = state.withLock { state in
      defer { state.hasSound = true }
      return !state.hasSound
    }
    if isFirst { onSound(sound) }
  }

  private func decode(_ format: EncodedFormat, interval: Int?) {
    defer { sound.end() }
    let demultiplexed = ICYBytes(bytes, interval: interval) { [sound] metadata in
      if let title = ICYTitle.title(in: metadata) {
        sound.begin(SoundTitle(title: title.isEmpty ? nil : title))
      }
    }
    let decoding = SoundDecoding(bytes, into: sound) { [self] in noteSound() }
    let failure = decoding.run(demultiplexed, named: format) { [sound] tags in
      // The sound of a link may have no tags, and the metadata of the stream a title.
      if tags != SoundTags() || interval == nil {
        sound.begin(SoundTitle(title: tags.title, artist: tags.artist))
      }
    }
    // Nobody takes the sound any more, or the bytes have ended.
    guard let failure else { return bytes.discard() }
    fail("\(failure); it must send \(SourceClient.formats)")
  }
}
