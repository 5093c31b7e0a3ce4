import HLS
import Synchronization

/// The title now playing, on its way from operators to the capture thread, which knows from which sample on it plays. Only
/// the latest one counts.
final class NowPlayingMailbox: Sendable {
  private struct State {
    var latest = NowPlaying.nothing
    var isTaken = true
  }

  private let state = Mutex(State())

  /// Notes that `playing` plays from now on.
  func set(_ playing: NowPlaying) {
    state.withLock { $0 = State(latest: playing, isTaken: false) }
  }

  var latest: NowPlaying { state.withLock { $0.latest } }

  /// The title that was set since the last call; nil if none was.
  func take() -> NowPlaying? {
    state.withLock { state in
      defer { state.isTaken = true }
      return state.isTaken ? nil : state.latest
    }
  }
}
