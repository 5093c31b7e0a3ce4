import HTTP
import Synchronization

/// The latest edition that listeners can get.
///
/// An edition with a new complete segment is shown when the folder holds the segment too, so that no crash right afterwards
/// can undo a segment that was served whole. A slow disk holds an edition back by no more than `patience`. Editions are
/// shown in their order.
final class LatestEdition: Sendable {
  private struct Staged {
    let edition: Edition
    /// The body that the edition completes: its readers reach the end when the edition is shown.
    let completed: GrowingBody?
    /// The position from which the edition is shown even if the folder does not hold it.
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
  /// The longest time that a staged edition waits for the folder, in frames of PCM.
  private let patience: Int
  private let onChange: @Sendable (PublishEvents) -> Void

  /// - Parameters:
  ///   - patience: the longest time that a staged edition waits for the folder, in frames of PCM.
  ///   - onChange: called when listeners can get more than before, on the thread that made the change.
  init(patience: Int, onChange: @escaping @Sendable (PublishEvents) -> Void) {
    self.patience = patience
    self.onChange = onChange
  }

  /// The latest edition shown; nil before the first sound.
  var edition: Edition? { state.withLock { $0.shown } }

  /// The length of the stream so far, in frames of PCM.
  var position: Int { state.withLock { $0.position } }

  /// Stages an edition when the stream is `position` frames of PCM long. An edition that completes no segment is shown at
  /// once, unless another one waits.
  func stage(_ edition: Edition, completed: GrowingBody?, position: Int) {
    advance { state in
      state.position = position
      let due = completed == nil ? position : position + patience
      state.staged.append(Staged(edition: edition, completed: completed, due: due))
    }
  }

  /// Notes that the folder holds the edition with this number and all before it.
  func stored(through number: Int) {
    advance { $0.stored = max($0.stored, number) }
  }

  /// Notes that the stream is `position` frames of PCM long.
  func move(to position: Int) {
    advance { $0.position = position }
  }

  /// Notes that the recording segment has grown.
  /// - Parameter isChunk: whether it has grown by a whole chunk, which is sent on to all listeners.
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
