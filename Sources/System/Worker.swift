import Synchronization

/// A named thread that empties an inbox.
///
/// An owner describes its inbox as one value: a list, an option set, the latest wish. A post changes that value, so posts
/// that come while the thread is busy are merged by the inbox itself and cost one run:
///
///     let worker = Worker(name: "sum", inbox: 0)
///     worker.start(with: File()) { file, number in
///       file.append(number)
///       return .untilPost
///     }
///     worker.post { $0 += 5 }
///     worker.stop(within: .seconds(1))
///
/// An owner stops its worker. The thread is never joined, so a call that hangs in it holds up nobody.
package final class Worker<Inbox: Sendable>: Sendable {
  /// The end of a run: the earliest reason for the next one.
  package enum Wait: Sendable {
    /// The next post.
    case untilPost
    /// The next post, or the end of this span without any.
    case untilPostOr(Duration)
    /// The end of this span, whatever is posted in it.
    case pause(Duration)
  }

  private struct State: Sendable {
    var inbox: Inbox
    var hasPosts = false
    var isStopping = false
    var isFinished = false
  }

  private let name: String
  private let empty: Inbox
  private let state: Mutex<State>
  private let wake = Semaphore()
  private let ended = Semaphore()

  /// - Parameters:
  ///   - name: of the thread, at most 15 bytes.
  ///   - empty: the inbox before any post, and again at the start of each run.
  package init(name: String, inbox empty: Inbox) {
    self.name = name
    self.empty = empty
    state = Mutex(State(inbox: empty))
  }

  /// Starts the thread; called once.
  /// - Parameters:
  ///   - tools: a value that only the thread uses.
  ///   - first: the wait before the first run.
  ///   - run: called on the thread with everything that was posted since the run before.
  package func start<Tools: Sendable>(
    with tools: Tools, first: Wait = .untilPost,
    run: @escaping @Sendable (_ tools: inout Tools, _ posted: Inbox) -> Wait
  ) {
    NamedThread(name: name) { [self] in
      var tools = tools
      var wait = first
      while let posted = next(after: wait) { wait = run(&tools, posted) }
      state.withLock { $0.isFinished = true }
      ended.post()
    }.detach()
  }

  /// Changes the inbox, and wakes the thread; returns at once. A post after `stop` leads to no run.
  /// - Parameter change: called under the inbox' lock.
  @discardableResult
  package func post<Result>(_ change: (inout Inbox) -> Result) -> Result {
    let (result, isFirst) = state.withLock { state in
      let isFirst = !state.hasPosts && !state.isStopping
      if isFirst { state.hasPosts = true }
      return (change(&state.inbox), isFirst)
    }
    if isFirst { wake.post() }
    return result
  }

  /// Ends the thread, after one last run if something was posted since the run before. Waits and pauses end at once.
  /// - Parameter timeout: the longest wait for the end of the run; nil waits for ever.
  /// - Returns: whether the thread has ended. Otherwise its run hangs, and the thread ends with the run.
  @discardableResult
  package func stop(within timeout: Duration?) -> Bool {
    state.withLock { $0.isStopping = true }
    wake.post()
    if !finished, ended.wait(atMost: timeout) { ended.post() }
    return finished
  }

  /// Whether the thread has been asked to end. For runs that take long.
  package var isStopping: Bool { state.withLock { $0.isStopping } }

  /// Whether the thread has ended: no run follows.
  package var finished: Bool { state.withLock { $0.isFinished } }

  /// Waits within a run; `stop` ends the wait.
  package func pause(_ span: Duration) {
    let end = MonotonicTime.now + span
    while !isStopping {
      let rest = end - .now
      guard rest > .zero else { return }
      // A post ends the wait early; `next` sees the post by `hasPosts`.
      wake.wait(atMost: rest)
    }
  }

  /// The posts for the next run; nil at the thread's end.
  private func next(after wait: Wait) -> Inbox? {
    switch wait {
    case .untilPost: waitForPost(until: nil)
    case .untilPostOr(let span): waitForPost(until: .now + span)
    case .pause(let span): pause(span)
    }
    return state.withLock { state in
      if state.isStopping, !state.hasPosts { return nil }
      defer { (state.inbox, state.hasPosts) = (empty, false) }
      return state.inbox
    }
  }

  private func waitForPost(until end: MonotonicTime?) {
    while state.withLock({ !$0.hasPosts && !$0.isStopping }) {
      guard wake.wait(atMost: end.map { $0 - .now }) else { return }
    }
  }
}
