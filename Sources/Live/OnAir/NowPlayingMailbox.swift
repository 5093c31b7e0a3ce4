import HLS
import Synchronization

/// What is said to be playing, on its way to the capture thread, which knows from which sample on it holds. What is said
/// last counts.
final class NowPlayingMailbox: Sendable {
  private struct State {
    var latest = NowPlaying.nothing
    var isTaken = true
  }

  private let state = Mutex(State())

  /// From now on that plays.
  func set(_ playing: NowPlaying) {
    state.withLock { $0 = State(latest: playing, isTaken: false) }
  }

  var latest: NowPlaying { state.withLock { $0.latest } }

  /// What has been said since it was taken last.
  func take() -> NowPlaying? {
    state.withLock { state in
      defer { state.isTaken = true }
      return state.isTaken ? nil : state.latest
    }
  }
}
