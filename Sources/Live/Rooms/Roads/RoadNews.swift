import Synchronization

/// The answers that have something to send: noted while the rooms' thread works, and taken once at the end of its run.
final class RoadNews: Sendable {
  private struct State {
    var channels: Set<Int> = []
    var hasPolls = false
  }

  private let state = Mutex(State())

  /// The growing answers of a channel have grown.
  func note(channel: Int) {
    state.withLock { _ = $0.channels.insert(channel) }
  }

  /// A poll that is held can be answered.
  func notePoll() {
    state.withLock { $0.hasPolls = true }
  }

  var hasPolls: Bool { state.withLock { $0.hasPolls } }

  /// Takes the channels, and the note of the polls unless they are left for later.
  func take(withPolls: Bool) -> (channels: Set<Int>, polls: Bool) {
    state.withLock { state in
      defer {
        state.channels = []
        if withPolls { state.hasPolls = false }
      }
      return (state.channels, withPolls && state.hasPolls)
    }
  }
}
