import HTTP
import Synchronization

/// Where listeners find the latest edition.
///
/// An edition with a new complete segment is shown when the folder holds it too, so that a crash right after can't undo
/// what was served whole. A disk that is slow holds it back by no more than `patience`. Editions are shown in their order.
final class LatestEdition: Sendable {
  private struct Staged {
    let edition: Edition
    /// What the edition completes: whoever reads it comes to its end when the edition is shown.
    let completed: GrowingBody?
    /// The position from which it is shown whatever the folder says.
    let due: Int
  }

  private struct State {
    var shown: Edition?
    var staged: [Staged] = []
    /// The latest edition in the folder.
    var stored = 0
    var position = 0
  }

  private let state = Mutex(State())
  /// How long a staged edition waits for the folder, in frames of PCM.
  private let patience: Int
  private let onChange: @Sendable (PublishEvents) -> Void

  /// - Parameter onChange: called when listeners can get more than before, on the thread that made it so.
  init(patience: Int, onChange: @escaping @Sendable (PublishEvents) -> Void) {
    (self.patience, self.onChange) = (patience, onChange)
  }

  /// The latest edition shown; nil before the first sound.
  var edition: Edition? { state.withLock { $0.shown } }

  /// How far the stream has come, in frames of PCM.
  var position: Int { state.withLock { $0.position } }

  /// Stages an edition at `position` frames of PCM into the stream; it is shown at once if it completes nothing.
  func stage(_ edition: Edition, completed: GrowingBody?, position: Int) {
    advance { state in
      state.position = position
      let due = completed == nil ? position : position + patience
      state.staged.append(Staged(edition: edition, completed: completed, due: due))
    }
  }

  /// The folder holds that edition, and so those before it.
  func stored(through number: Int) {
    advance { $0.stored = max($0.stored, number) }
  }

  /// The stream has come so far, in frames of PCM.
  func move(to position: Int) {
    advance { $0.position = position }
  }

  /// The segment at hand has grown.
  /// - Parameter isChunk: whether by so much that it is sent on to all.
  func grown(isChunk: Bool) {
    onChange(isChunk ? .growth : .prompt)
  }

  private func advance(_ change: (inout State) -> Void) {
    let news: PublishEvents? = state.withLock { state in
      change(&state)
      let ready = state.staged.prefix { $0.edition.number <= state.stored || $0.due <= state.position }
      guard let last = ready.last else { return nil }
      let completed = ready.compactMap(\.completed)
      for body in completed { body.finish() }
      state.shown = last.edition
      state.staged.removeFirst(ready.count)
      return completed.isEmpty ? .edition : [.edition, .growth]
    }
    if let news { onChange(news) }
  }
}
