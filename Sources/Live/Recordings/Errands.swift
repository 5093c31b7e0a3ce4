import Synchronization
import System

/// Work that blocks, done on one thread while the requests for its results are held. A task that is asked for again has the
/// result of before. The tasks are done in the order in which they are asked for.
final class Errands<Task: Hashable & Sendable, Result: Sendable>: Sendable {
  enum Answer {
    case done(Result)
    /// The thread works: ask again.
    case later
    /// Too many tasks wait.
    case busy
  }

  private struct State {
    var results: [Task: Result] = [:]
    /// The tasks with results, the oldest first.
    var order: [Task] = []
    /// The tasks that are not begun, the oldest first.
    var queue: [Task] = []
    /// How many times each task waits, or is being done.
    var waiting: [Task: Int] = [:]
    /// The sum of those numbers.
    var count = 0
    var hasThread = false
  }

  private let mostResults: Int
  private let mostWaiting: Int
  private let perform: @Sendable (Task) -> Result
  private let onDone: @Sendable () -> Void
  private let state = Mutex(State())
  private let worker: Worker<Void>

  /// - Parameters:
  ///   - name: of the thread, at most 15 bytes.
  ///   - mostResults: the number of results that are kept.
  ///   - mostWaiting: the number of tasks that wait.
  ///   - perform: does a task, on the thread.
  ///   - onDone: called after each task.
  init(
    name: String, mostResults: Int, mostWaiting: Int = 64, onDone: @escaping @Sendable () -> Void,
    perform: @escaping @Sendable (Task) -> Result
  ) {
    (self.mostResults, self.mostWaiting) = (mostResults, mostWaiting)
    (self.perform, self.onDone) = (perform, onDone)
    worker = Worker(name: name, inbox: ())
  }

  func stop() { worker.stop(within: .zero) }

  /// The result of a task; the thread begins the task if nobody has asked for the task before.
  /// - Parameter anew: whether the task is to be done after all tasks that were asked for before. The task joins the newest one
  ///   if that is equal and not begun.
  func ask(_ task: Task, anew: Bool = false) -> Answer {
    let (answer, isNew, isFirst) = state.withLock { state -> (Answer, Bool, Bool) in
      if anew {
        Self.forget(task, &state)
        if state.queue.last == task { return (.later, false, false) }
      } else {
        // A task that waits again has no result yet: the result of before may not be the last word.
        if state.waiting[task] != nil { return (.later, false, false) }
        if let result = state.results[task] { return (.done(result), false, false) }
      }
      guard state.count < mostWaiting else { return (.busy, false, false) }
      state.queue.append(task)
      state.waiting[task, default: 0] += 1
      state.count += 1
      defer { state.hasThread = true }
      return (.later, true, !state.hasThread)
    }
    if isFirst { begin() }
    if isNew { worker.post { _ in } }
    return answer
  }

  /// The next request for the task does the task again.
  func forget(_ task: Task) { state.withLock { Self.forget(task, &$0) } }

  private static func forget(_ task: Task, _ state: inout State) {
    if state.results.removeValue(forKey: task) != nil { state.order.removeAll { $0 == task } }
  }

  /// The first task starts the thread: a station that nobody asks has none.
  private func begin() {
    worker.start(with: ()) { [weak self] _, _ in
      while let self, !self.worker.isStopping, let task = self.next() {
        let result = self.perform(task)
        self.note(result, of: task)
        self.onDone()
      }
      return .untilPost
    }
  }

  private func next() -> Task? {
    state.withLock { $0.queue.isEmpty ? nil : $0.queue.removeFirst() }
  }

  private func note(_ result: Result, of task: Task) {
    state.withLock { state in
      state.count -= 1
      state.waiting[task] = state.waiting[task].flatMap { $0 > 1 ? $0 - 1 : nil }
      Self.forget(task, &state)
      state.results[task] = result
      state.order.append(task)
      if state.order.count > mostResults { state.results[state.order.removeFirst()] = nil }
    }
  }
}
