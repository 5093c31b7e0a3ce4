import Audio
import Synchronization
import System
import Testing

@testable import Live

@Suite struct QueuesTests {
  private func put(_ count: Int, _ queue: ByteQueue) -> Bool {
    [UInt8](repeating: 7, count: count).withUnsafeBytes { queue.put($0) }
  }

  private func read(_ count: Int, _ queue: ByteQueue) -> Int {
    var buffer = [UInt8](repeating: 0, count: count)
    return buffer.withUnsafeMutableBytes { queue.read(into: $0) }
  }

  @Test func `a full queue of bytes calls for more when half of them are read`() {
    let queue = ByteQueue()
    let calls = Mutex(0)
    queue.onDrained { calls.withLock { $0 += 1 } }
    #expect(!put(ByteQueue.capacity - 1, queue))
    #expect(put(1, queue))
    #expect(read(ByteQueue.capacity / 2 - 1, queue) == ByteQueue.capacity / 2 - 1)
    #expect(calls.withLock { $0 } == 0)
    #expect(read(1, queue) == 1)
    #expect(calls.withLock { $0 } == 1)
  }

  @Test func `the bytes before the end are read, and then nothing`() {
    let queue = ByteQueue()
    _ = put(5, queue)
    queue.end()
    #expect(read(3, queue) == 3)
    #expect(read(3, queue) == 2)
    #expect(read(3, queue) == 0)
  }

  @Test func `bytes that are discarded are not read`() {
    let queue = ByteQueue()
    _ = put(5, queue)
    queue.discard()
    #expect(queue.isEnded)
    #expect(read(3, queue) == 0)
  }

  @Test func `a queue that is full counts as alive, and its client has time from the next call for bytes`() {
    let queue = ByteQueue()
    _ = put(ByteQueue.capacity, queue)
    let full = MonotonicTime.now
    #expect(queue.arrived >= full)
    let drained = MonotonicTime.now
    _ = read(ByteQueue.capacity, queue)
    let after = MonotonicTime.now
    #expect(queue.arrived >= drained && queue.arrived <= after)
  }

  @Test func `a queue that has ended keeps no function`() {
    let queue = ByteQueue()
    queue.end()
    weak var kept: Semaphore?
    do {
      let semaphore = Semaphore()
      kept = semaphore
      queue.onDrained { semaphore.post() }
    }
    #expect(kept == nil)
  }

  @Test func `a reader waits for bytes`() {
    let queue = ByteQueue()
    let done = Semaphore()
    NamedThread(name: "test") {
      var buffer = [UInt8](repeating: 0, count: 8)
      let count = buffer.withUnsafeMutableBytes { queue.read(into: $0) }
      if count == 4 { done.post() }
    }.detach()
    _ = put(4, queue)
    #expect(done.wait(atMost: .seconds(60)))
  }

  @Test func `bytes that give no sound end`() {
    let queue = ByteQueue()
    var total = 0
    while !queue.isUnreadable {
      _ = put(50_000, queue)
      total += read(50_000, queue)
      if total == 500_000 { queue.noteSound() }
    }
    #expect(total > ByteQueue.mostWithoutSound + 500_000 && total < ByteQueue.mostWithoutSound + 600_001)
    #expect(read(10, queue) == 0)
  }

  @Test func `sound is taken in its order, and a queue that is closed takes no more`() {
    let queue = SoundQueue(format: PCMFormat(sampleRate: 48_000, channels: 2))
    #expect(queue.put(Array(0..<2000)))
    #expect(queue.look.frames == 1000)
    queue.skip(frames: 100)
    var block: [Int32] = []
    queue.take(frames: 480, into: &block)
    #expect(block == Array(200..<1160))
    queue.take(frames: 480, into: &block)
    #expect(block.isEmpty)
    #expect(!queue.look.isAhead && !queue.look.isOver)
    queue.close()
    #expect(!queue.put([1, 2]))
  }
}
