import Synchronization
import System

/// A recording that may not be there yet. A thread reads the file, because a disk may hang, and tries again each second
/// until the file can be read.
package final class AwaitedRecording: Sendable {
  private struct State: Sendable {
    var recording: Recording?
    /// The error of the last attempt.
    var error: SourceError?
  }

  private static let retryInterval = Duration.seconds(1)

  private let state = Mutex(State())
  private let hasTried = Semaphore()
  private let worker = Worker<Void>(name: "fallback", inbox: ())

  /// Starts to read the file.
  /// - Parameter onEvent: called on any thread, with a remark for operators.
  package init(path: String, onEvent: @escaping @Sendable (SourceEvent) -> Void) {
    // Weakly: the recording keeps the thread.
    worker.start(with: (), first: .pause(.zero)) { [weak self] _, _ in
      self?.read(path, onEvent: onEvent) == true ? .pause(Self.retryInterval) : .untilPost
    }
  }

  deinit {
    worker.stop(within: .zero)
  }

  /// The recording, once its file has been read.
  package var current: Recording? { state.withLock { $0.recording } }

  /// Waits for the first attempt to read the file.
  /// - Throws: the error of a file that is there and is no recording. Every other error may be over later.
  package func waitForFirstAttempt(atMost timeout: Duration?) throws(SourceError) {
    hasTried.wait(atMost: timeout)
    if let error = state.withLock({ $0.error }), error.isUnusable { throw error }
  }

  /// - Returns: whether the file must be read again.
  private func read(_ path: String, onEvent: (SourceEvent) -> Void) -> Bool {
    do throws(SourceError) {
      let recording = try Recording(path: path)
      let wasMissing = state.withLock { state in
        defer { state = State(recording: recording) }
        return state.error != nil
      }
      for remark in recording.remarks { onEvent(.remark("fallback file:\(path): \(remark)")) }
      if wasMissing { onEvent(.remark("fallback file:\(path): it can be read now")) }
      hasTried.post()
      return false
    } catch {
      let (isFirst, isNew) = state.withLock { state in
        defer { state.error = error }
        return (state.error == nil, state.error != error)
      }
      // Such a file ends the start, with a message of its own.
      let endsStart = isFirst && error.isUnusable
      if isNew, !endsStart { onEvent(.remark("fallback \(error); silence is sent instead until it can be read")) }
      hasTried.post()
      return true
    }
  }
}
