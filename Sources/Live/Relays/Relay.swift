import Audio
import Core
import Synchronization
import System

/// The sound of another station, which a thread of its own fetches. A connection that fails or ends is made again, after
/// longer and longer pauses.
final class Relay: Sendable {
  private struct State {
    var sound: SoundQueue?
    /// The sound of a later connection, which waits until the sound before is played.
    var next: SoundQueue?
    /// Whether the relay is stopped: then nobody takes sound, and nobody would close a queue that comes later.
    var isOver = false
    var trouble: String?
  }

  /// The most redirects, and the most playlists, on the way to the sound.
  private static let most = (redirects: 5, playlists: 3)
  /// The shortest and the longest pause between two connections.
  private static let backoff = Duration.milliseconds(250)...Duration.seconds(30)
  /// A connection that has lasted for this time is followed by the shortest pause.
  private static let steady = Duration.seconds(10)

  private let url: RelayURL
  private let passwordFile: String?
  private let format: PCMFormat
  private let state = Mutex(State())
  private let worker = Worker<Void>(name: "relay", inbox: ())

  /// Starts the thread.
  /// - Parameters:
  ///   - passwordFile: the file with the user and the password; nil shows none.
  ///   - format: to which the sound is converted.
  init(_ url: RelayURL, passwordFile: String?, format: PCMFormat) {
    (self.url, self.passwordFile, self.format) = (url, passwordFile, format)
    worker.start(with: ()) { [self] _, _ in
      run()
      return .untilPost
    }
    // The one run lasts until the relay is stopped.
    worker.post { _ in }
  }

  /// - Parameter timeout: the longest wait for the end of the thread.
  func stop(within timeout: Duration = .zero) { worker.stop(within: timeout) }

  // The side of the thread that plays the sound

  var sound: SoundQueue? {
    state.withLock { state in
      if let next = state.next, state.sound?.isDrained ?? true, next.hasSound || next.isDrained {
        (state.sound, state.next) = (next, nil)
      }
      return state.sound
    }
  }

  var trouble: String? { state.withLock { $0.trouble } }

  // The relay's thread

  private func run() {
    var pause = Self.backoff.lowerBound
    var attempt = 0
    while !worker.isStopping {
      let began = MonotonicTime.now
      let (reason, hasSound) = fetch(attempt)
      attempt += 1
      state.withLock { $0.trouble = "\(url): \(reason)" }
      if hasSound, MonotonicTime.now - began >= Self.steady { pause = Self.backoff.lowerBound }
      worker.pause(pause)
      pause = min(pause * 2, Self.backoff.upperBound)
    }
    state.withLock { state in
      state.isOver = true
      for sound in [state.sound, state.next] { sound?.close() }
    }
  }

  /// Follows redirects and playlists to the sound, and fetches the sound until that ends.
  /// - Parameter attempt: their number: each attempt takes the next address of a playlist.
  /// - Returns: the reason for the end, and whether sound has come.
  private func fetch(_ attempt: Int) -> (reason: String, hasSound: Bool) {
    var (url, redirects, playlists) = (url, 0, 0)
    while true {
      let connection: RelayConnection
      do throws(InvalidInput) {
        connection = RelayConnection(
          url, try access(to: url), format: format, isStopping: { [worker] in worker.isStopping }
        ) { [self] in add($0) }
      } catch {
        return ("\(error)", false)
      }
      let next: Result<RelayURL, RelayFailure>
      switch connection.run() {
      case .failed(let reason):
        return (url == self.url ? reason : "\(url): \(reason)", connection.hasSound)
      case .redirect(let target):
        redirects += 1
        guard redirects <= Self.most.redirects else { return ("more than \(Self.most.redirects) redirects", false) }
        next = RelayFailure.next(target, after: self.url, "it redirects")
      case .playlist(let bytes):
        playlists += 1
        guard playlists <= Self.most.playlists else { return ("more than \(Self.most.playlists) playlists", false) }
        switch RelayPlaylist(bytes) {
        case .hls: return (RelayURL.noHLS, false)
        case .addresses(let addresses):
          guard !addresses.isEmpty else { return ("its playlist has no address", false) }
          next = RelayFailure.next(
            Transfer.resolved(addresses[attempt % addresses.count], against: url.text), after: self.url,
            "its playlist leads")
        }
      }
      switch next {
      case .success(let found): url = found
      case .failure(let failure): return (failure.reason, false)
      }
    }
  }

  /// The user and the password, which only the station of the settings gets.
  private func access(to url: RelayURL) throws(InvalidInput) -> RelayAccess? {
    guard let passwordFile, url.origin == self.url.origin else { return nil }
    return try RelayAccess.read(passwordFile)
  }

  /// Takes the sound of a connection, in place of sound that nobody has played. Called on the thread that decodes the sound.
  func add(_ sound: SoundQueue) {
    let unwanted = state.withLock { state -> SoundQueue? in
      if state.isOver { return sound }
      defer { state.next = sound }
      return state.next
    }
    unwanted?.close()
  }
}

/// A way to the sound that is not followed.
struct RelayFailure: Error {
  let reason: String

  /// - Parameters:
  ///   - target: the URL; nil where there is none.
  ///   - url: of the settings.
  ///   - subject: the beginning of the reason.
  static func next(_ target: String?, after url: RelayURL, _ subject: String) -> Result<RelayURL, RelayFailure> {
    guard let target else { return .failure(RelayFailure(reason: "\(subject) to no address")) }
    do throws(InvalidInput.Rule) {
      let next = try RelayURL(target)
      // A station elsewhere must not make ringcast ask the services of this machine and of the network around.
      guard url.isPrivate || !next.isPrivate else {
        return .failure(
          RelayFailure(
            reason: "\(subject) to an address of this machine or of a private network, which is not followed"))
      }
      return .success(next)
    } catch {
      return .failure(
        RelayFailure(reason: "\(subject) to an address that is not followed: \(error.text.text(\.rawValue))"))
    }
  }
}
