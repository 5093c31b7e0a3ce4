import HTTP
import Synchronization

/// The latest edition that listeners get, and the editions that wait for the folder.
///
/// An edition with a new complete segment is shown only when the folder holds that segment too, so that a crash right after
/// can't undo what was served whole. A slow disk delays an edition by at most `graceFrames`. Editions are shown in their
/// order.
final class LatestEdition: Sendable {
  private struct Waiting {
    let edition: Edition
    /// The body that the edition completes: its readers come to its end when the edition is shown.
    let completed: GrowingBody?
    /// The position from which the edition is shown even if the folder does not hold it.
    let due: Int
  }

  private struct State {
    var shown: Edition?
    var waiting: [Waiting] = []
    /// The latest edition in the folder.
    var stored = 0
    var position = 0
  }

  private let state = Mutex(State())
  /// The longest wait of an edition for the folder, in frames of PCM.
  private let graceFrames: Int
  private let onChange: @Sendable (PublishEvents) -> Void

  /// - Parameters:
  ///   - graceFrames: the longest wait of an edition for the folder, in frames of PCM.
  ///   - onChange: called when listeners can get more than before, on the thread that made it so.
  init(graceFrames: Int, onChange: @escaping @Sendable (PublishEvents) -> Void) {
    self.graceFrames = graceFrames
    self.onChange = onChange
  }

  /// The latest edition shown; nil before the first sound.
  var edition: Edition? { state.withLock { $0.shown } }

  /// The length of the stream until now, in frames of PCM.
  var position: Int { state.withLock { $0.position } }

  /// Takes the next edition, made at `position` frames of PCM into the stream. An edition that completes nothing is shown
  /// at once, unless others still wait.
  func enqueue(_ edition: Edition, completed: GrowingBody?, position: Int) {
    change { state in
      state.position = position
      let due = completed == nil ? position : position + graceFrames
      state.waiting.append(Waiting(edition: edition, completed: completed, due: due))
    }
  }

  /// The folder holds the edition with that number, and so those before it.
  func folderHas(edition number: Int) {
    change { $0.stored = max($0.stored, number) }
  }

  /// The stream has come to that position, in frames of PCM.
  func advance(to position: Int) {
    change { $0.position = position }
  }

  /// The recording segment has grown, by enough for those listeners.
  func grown(for recipients: StreamPipeline.Recipients) {
    switch recipients {
    case .all: onChange(.growth)
    case .everyFrame: onChange(.everyFrame)
    }
  }

  private func change(_ change: (inout State) -> Void) {
    let events: PublishEvents? = state.withLock { state in
      change(&state)
      let ready = state.waiting.prefix { $0.edition.number <= state.stored || $0.due <= state.position }
      guard let last = ready.last else { return nil }
      let completed = ready.compactMap(\.completed)
      for body in completed { body.finish() }
      state.shown = last.edition
      state.waiting.removeFirst(ready.count)
      return completed.isEmpty ? .edition : [.edition, .growth]
    }
    if let events { onChange(events) }
  }
}
