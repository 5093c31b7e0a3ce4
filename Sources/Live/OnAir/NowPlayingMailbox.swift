import Core
import HLS
import Synchronization
import System

/// The title now playing, on its way from operators to the capture thread, which knows from which sample on it plays. Only
/// the latest one counts.
final class NowPlayingMailbox: Sendable {
  private struct State {
    var latest = NowPlaying.nothing
    var changed = WallTime.now
    var isTaken = true
  }

  private let state = Mutex(State())

  /// Notes that `playing` plays from now on.
  func set(_ playing: NowPlaying) {
    state.withLock { $0 = State(latest: playing, isTaken: false) }
  }

  /// The same, if nothing forbids the change. No other change comes between the question and the change.
  /// - Parameter objection: the reason against a change of the latest title, which was set at that time; nil without one.
  /// - Returns: the reason; nil where the title is set.
  func set<Reason: Sendable>(_ playing: NowPlaying, unless objection: (NowPlaying, WallTime) -> Reason?) -> Reason? {
    state.withLock { state in
      let reason = objection(state.latest, state.changed)
      if reason == nil { state = State(latest: playing, isTaken: false) }
      return reason
    }
  }

  var latest: NowPlaying { state.withLock { $0.latest } }
  /// The time at which the latest title was set.
  var changed: WallTime { state.withLock { $0.changed } }

  /// The title that was set since the last call; nil if none was.
  func take() -> NowPlaying? {
    state.withLock { state in
      defer { state.isTaken = true }
      return state.isTaken ? nil : state.latest
    }
  }
}
