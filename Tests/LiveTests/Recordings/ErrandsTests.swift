import Synchronization
import System
import Testing

@testable import Live

@Suite struct ErrandsTests {
  private final class Record: Sendable {
    let tasks = Mutex<[Int]>([])
    let done = Semaphore()
  }

  private let record = Record()

  private func errands(mostResults: Int = 2, mostWaiting: Int = 2, gate: Semaphore? = nil) -> Errands<Int, Int> {
    Errands(
      name: "errands", mostResults: mostResults, mostWaiting: mostWaiting, onDone: { [record] in record.done.post() }
    ) {
      [record] task in
      if let gate { gate.wait(atMost: .seconds(30)) }
      record.tasks.withLock { $0.append(task) }
      return task * task
    }
  }

  private func result(_ answer: Errands<Int, Int>.Answer) -> Int? {
    if case .done(let result) = answer { result } else { nil }
  }

  @Test func `a task is done once, and its result is there afterwards`() {
    let errands = errands()
    defer { errands.stop() }
    #expect(result(errands.ask(3)) == nil)
    record.done.wait(atMost: .seconds(30))
    #expect(result(errands.ask(3)) == 9 && result(errands.ask(3)) == 9)
    #expect(record.tasks.withLock { $0 } == [3])
  }

  @Test func `a task that is asked for anew is done again`() {
    let errands = errands()
    defer { errands.stop() }
    _ = errands.ask(3)
    record.done.wait(atMost: .seconds(30))
    #expect(result(errands.ask(3, anew: true)) == nil)
    record.done.wait(atMost: .seconds(30))
    #expect(result(errands.ask(3)) == 9)
    #expect(record.tasks.withLock { $0 } == [3, 3])
  }

  @Test func `tasks that are asked for anew are done in that order, and the last result counts`() {
    let gate = Semaphore()
    let errands = errands(mostWaiting: 4, gate: gate)
    defer { errands.stop() }
    for task in [1, 2, 1] { #expect(result(errands.ask(task, anew: true)) == nil) }
    // The newest one is not begun: this is the same wish.
    #expect(result(errands.ask(1, anew: true)) == nil)
    gate.post()
    record.done.wait(atMost: .seconds(30))
    // The task is done once, and waits once more.
    #expect(result(errands.ask(1)) == nil)
    for _ in 0..<2 {
      gate.post()
      record.done.wait(atMost: .seconds(30))
    }
    #expect(record.tasks.withLock { $0 } == [1, 2, 1])
    #expect(result(errands.ask(1)) == 1 && result(errands.ask(2)) == 4)
  }

  @Test func `the oldest results are forgotten`() {
    let errands = errands(mostResults: 2)
    defer { errands.stop() }
    for task in 1...3 {
      _ = errands.ask(task)
      record.done.wait(atMost: .seconds(30))
    }
    #expect(result(errands.ask(1)) == nil && result(errands.ask(3)) == 9)
  }

  @Test func `a thread that hangs has a limited number of tasks`() {
    let gate = Semaphore()
    let errands = errands(mostWaiting: 2, gate: gate)
    _ = errands.ask(1)
    _ = errands.ask(2)
    if case .busy = errands.ask(3) {} else { Issue.record("a third task waits") }
    if case .later = errands.ask(2) {} else { Issue.record("a task that waits is asked for again") }
    for _ in 0..<4 { gate.post() }
    errands.stop()
  }
}
