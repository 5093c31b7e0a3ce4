import Core
import System

/// The deadline of each connection of a loop for its present step. Pure.
///
/// Every step has a deadline, however busy a client looks: a request must arrive in time, and its answer must be read in
/// time. Two steps have no deadline here: a held request, whose handler has one, and an endless answer, whose delivery
/// has one.
///
/// All deadlines lie in one array, so that looking at thousands of them takes microseconds and moving one costs a store.
struct Deadlines {
  /// The present step of a connection.
  enum Step {
    case firstRequest, nextRequest, content, answer, closing
  }

  private let limits: Server.Limits
  /// By slot; the far future where nothing is due.
  private var due: [MonotonicTime] = []
  private var steps: [Step] = []
  private static let never = MonotonicTime(nanoseconds: .max)

  init(_ limits: Server.Limits) {
    self.limits = limits
  }

  /// A connection takes a slot. Its first request is due.
  mutating func begin(_ slot: Int, at now: MonotonicTime) {
    while due.count <= slot {
      due.append(Self.never)
      steps.append(.firstRequest)
    }
    set(slot, .firstRequest, now + .seconds(limits.headerSeconds))
  }

  /// The head of a request has arrived; its handler has the time that it wants.
  mutating func requestArrived(_ slot: Int) {
    set(slot, .answer, Self.never)
  }

  /// The content of the request will be read into memory. It has one deadline, whatever comes of it.
  mutating func contentExpected(_ slot: Int, at now: MonotonicTime) {
    set(slot, .content, now + .seconds(limits.headerSeconds))
  }

  /// The answer begins, or another part of it.
  /// - Parameter bytes: the most bytes that the client has to read.
  mutating func answerBegins(_ slot: Int, bytes: Int, at now: MonotonicTime) {
    set(slot, .answer, end(ofAnswer: bytes, from: now))
  }

  /// The answer is sent; the next request is due.
  mutating func answerEnded(_ slot: Int, at now: MonotonicTime) {
    set(slot, .nextRequest, end(ofAnswer: 0, from: now))
  }

  /// The client has until then to close.
  mutating func closing(_ slot: Int, until end: MonotonicTime) {
    set(slot, .closing, end)
  }

  /// Something is due then that the protocol of the connection knows.
  mutating func await(_ slot: Int, until end: MonotonicTime) {
    set(slot, .answer, end)
  }

  /// The step ends at another time.
  mutating func postpone(_ slot: Int, until end: MonotonicTime) {
    due[slot] = end
  }

  /// Nothing is due.
  mutating func end(_ slot: Int) {
    due[slot] = Self.never
  }

  /// The slots that are overdue, at most `limit` of them, each of them once.
  mutating func takeOverdue(at now: MonotonicTime, atMost limit: Int) -> [(slot: Int, step: Step)] {
    var overdue: [(slot: Int, step: Step)] = []
    for slot in due.indices where due[slot] <= now {
      guard overdue.count < limit else { break }
      due[slot] = Self.never
      overdue.append((slot, steps[slot]))
    }
    return overdue
  }

  private mutating func set(_ slot: Int, _ step: Step, _ end: MonotonicTime) {
    due[slot] = end
    steps[slot] = step
  }

  /// The deadline of an answer.
  /// - Parameter bytes: the most bytes that the client has to read.
  func end(ofAnswer bytes: Int, from now: MonotonicTime) -> MonotonicTime {
    now + .seconds(limits.idleSeconds) + Self.time(for: bytes, at: limits.slowestRate)
  }

  /// The time of so many bytes, at most some thirty years.
  /// - Parameter rate: bytes a second.
  static func time(for bytes: Int, at rate: Int) -> Duration {
    let (seconds, rest) = bytes.quotientAndRemainder(dividingBy: rate)
    return .seconds(min(seconds, 1_000_000_000)) + .nanoseconds(Int(Double(rest) / Double(rate) * 1e9))
  }
}
