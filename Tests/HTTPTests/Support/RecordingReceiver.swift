import Glibc
import HTTP
import Synchronization

/// Takes the content of a request, and remembers the calls of the server.
final class RecordingReceiver: ContentReceiver {
  struct Calls: Sendable {
    var begins = 0
    var content: [UInt8] = []
    var pieces = 0
    var ends = 0
    var abandonments = 0
    /// Calls that came although the receiver wanted none.
    var unwanted = 0
    var isPaused = false
    var control: ContentControl?
  }

  let slowestRate: Int?
  let earlyAnswer: Response?
  private let state = Mutex(Calls())
  private let demand: @Sendable (_ calls: Calls) -> ContentDemand

  /// - Parameter demand: the answer to each piece, after the piece was added to `calls`.
  init(
    slowestRate: Int? = nil, earlyAnswer: Response? = nil,
    demand: @escaping @Sendable (_ calls: Calls) -> ContentDemand = { _ in .more }
  ) {
    (self.slowestRate, self.earlyAnswer, self.demand) = (slowestRate, earlyAnswer, demand)
  }

  var calls: Calls { state.withLock { $0 } }

  func begin(_ control: ContentControl) {
    state.withLock { calls in
      calls.begins += 1
      calls.control = control
    }
  }

  func receive(_ bytes: UnsafeRawBufferPointer) -> ContentDemand {
    state.withLock { calls in
      if calls.isPaused { calls.unwanted += 1 }
      calls.pieces += 1
      calls.content += bytes
      let next = self.demand(calls)
      if case .pause = next { calls.isPaused = true }
      return next
    }
  }

  func end() -> Response {
    let count = state.withLock { calls in
      if calls.isPaused { calls.unwanted += 1 }
      calls.ends += 1
      return calls.content.count
    }
    return .text(200, "\(count) bytes\n")
  }

  func abandoned() {
    state.withLock { $0.abandonments += 1 }
  }

  /// Ends a pause.
  func resume() {
    let control = state.withLock { calls in
      calls.isPaused = false
      return calls.control
    }
    control?.resume()
  }

  /// Waits, for a minute at most.
  /// - Returns: whether the calls have come.
  func waits(until isThere: (Calls) -> Bool) -> Bool {
    for _ in 0..<60_000 {
      if isThere(calls) { return true }
      usleep(1000)
    }
    return false
  }
}
