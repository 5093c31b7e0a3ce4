import Synchronization
import System
import Testing

@Suite struct WorkerTests {
  /// Runs of a worker, as its thread records them.
  private final class Runs: Sendable {
    private let lists = Mutex<[[Int]]>([])
    private let ran = Semaphore()

    var all: [[Int]] { lists.withLock { $0 } }

    func add(_ list: [Int]) {
      lists.withLock { $0.append(list) }
      ran.post()
    }

    /// Waits until one more run has ended.
    func wait() { ran.wait() }
  }

  private func worker() -> Worker<[Int]> { Worker(name: "test", inbox: []) }

  @Test func `posts that come during a run are one run together`() {
    let (worker, runs, gate) = (worker(), Runs(), Semaphore())
    worker.start(with: ()) { _, posted in
      runs.add(posted)
      if posted == [1] { gate.wait() }
      return .untilPost
    }
    worker.post { $0.append(1) }
    runs.wait()
    for number in 2...100 { worker.post { $0.append(number) } }
    gate.post()
    runs.wait()
    #expect(worker.stop(within: nil))
    #expect(runs.all == [[1], Array(2...100)])
  }

  @Test func `a post returns the result of its change`() {
    let worker = worker()
    worker.post { $0 += [7, 8] }
    #expect(worker.post { $0.count } == 2)
  }

  @Test func `stop ends the thread after a last run with the posts before it`() {
    let (worker, runs) = (worker(), Runs())
    worker.start(with: ()) { _, posted in
      runs.add(posted)
      return .pause(.seconds(3600))
    }
    worker.post { $0.append(1) }
    runs.wait()
    worker.post { $0.append(2) }
    #expect(!worker.finished)
    #expect(worker.stop(within: nil))
    #expect(worker.finished)
    #expect(runs.all == [[1], [2]])
  }

  @Test func `stop without a post ends the thread without a run`() {
    let (worker, runs) = (worker(), Runs())
    worker.start(with: ()) { _, posted in
      runs.add(posted)
      return .untilPost
    }
    #expect(worker.stop(within: nil))
    #expect(runs.all == [])
  }

  @Test func `stop returns within its bound while a run hangs`() {
    let (worker, runs, gate) = (worker(), Runs(), Semaphore())
    worker.start(with: ()) { _, posted in
      runs.add(posted)
      gate.wait()
      return .untilPost
    }
    worker.post { $0.append(1) }
    runs.wait()
    let start = MonotonicTime.now
    #expect(!worker.stop(within: .milliseconds(20)))
    #expect(MonotonicTime.now - start >= .milliseconds(20))
    #expect(!worker.finished)
    gate.post()
    #expect(worker.stop(within: nil))
  }

  @Test func `nothing runs after the thread has ended`() {
    let (worker, runs) = (worker(), Runs())
    worker.start(with: ()) { _, posted in
      runs.add(posted)
      return .untilPost
    }
    #expect(worker.stop(within: nil))
    worker.post { $0.append(1) }
    #expect(worker.stop(within: nil))
    #expect(runs.all == [])
    // The inbox keeps the post: nobody has taken it.
    #expect(worker.post { $0 } == [1])
  }

  @Test func `a run comes without a post when its wait is over`() {
    let (worker, runs) = (worker(), Runs())
    worker.start(with: 0, first: .untilPostOr(.milliseconds(1))) { count, posted in
      count += 1
      runs.add(posted)
      return count < 3 ? .untilPostOr(.milliseconds(1)) : .untilPost
    }
    for _ in 0..<3 { runs.wait() }
    #expect(worker.stop(within: nil))
    #expect(runs.all == [[], [], []])
  }

  @Test func `a pause gathers the posts in it`() {
    let (worker, runs) = (worker(), Runs())
    let start = MonotonicTime.now
    let end = Mutex<MonotonicTime?>(nil)
    worker.start(with: (), first: .pause(.milliseconds(50))) { _, posted in
      end.withLock { $0 = .now }
      runs.add(posted)
      return .untilPost
    }
    for number in 1...3 { worker.post { $0.append(number) } }
    runs.wait()
    #expect(worker.stop(within: nil))
    #expect(runs.all == [[1, 2, 3]])
    #expect(end.withLock { $0! - start >= .milliseconds(50) })
  }

  @Test func `a long run hears of the stop`() {
    let (worker, runs) = (worker(), Runs())
    worker.start(with: (), first: .pause(.zero)) { [worker] _, posted in
      runs.add(posted)
      while !worker.isStopping { worker.pause(.seconds(3600)) }
      return .untilPost
    }
    runs.wait()
    #expect(worker.stop(within: nil))
    #expect(runs.all == [[]])
  }
}
