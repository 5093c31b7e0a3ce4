import Synchronization
import System

/// A few threads that read files for the loops: a disk that hangs holds up these threads and the downloads that wait for them,
/// and no loop. A thread ends when nothing is left to read.
final class FileReaders: Sendable {
  private static let most = 4

  /// A read that is forgotten when its delivery is gone: clients that leave a disk that hangs must leave nothing behind.
  private struct Waiting {
    weak var reading: FileReading?
  }

  private struct State {
    var waiting: [Waiting] = []
    var running = 0
  }

  private let mostWaiting: Int
  private let state = Mutex(State())

  /// - Parameter mostWaiting: the number of reads that wait for a thread.
  init(mostWaiting: Int = 1024) {
    self.mostWaiting = mostWaiting
  }

  /// Brings the slice of a reading into memory; returns at once.
  /// - Returns: false where too many reads wait.
  func read(_ reading: FileReading) -> Bool {
    let (isTaken, needsThread) = state.withLock { state in
      if state.waiting.count >= mostWaiting { state.waiting.removeAll { $0.reading == nil } }
      guard state.waiting.count < mostWaiting else { return (false, false) }
      state.waiting.append(Waiting(reading: reading))
      guard state.running < Self.most else { return (true, false) }
      state.running += 1
      return (true, true)
    }
    if needsThread {
      NamedThread(name: "file") { [self] in
        while let reading = next() { reading.perform() }
      }.detach()
    }
    return isTaken
  }

  private func next() -> FileReading? {
    state.withLock { state in
      while !state.waiting.isEmpty {
        if let reading = state.waiting.removeFirst().reading { return reading }
      }
      state.running -= 1
      return nil
    }
  }
}

/// A read that a thread does for a delivery, which holds the read.
final class FileReading: Sendable {
  enum Outcome: Int {
    case pending, done
    /// The disk gave an error, or the file has become shorter.
    case failed
  }

  let slice: FileContent.Slice
  private let onEnd: @Sendable () -> Void
  private let result = Atomic(Outcome.pending.rawValue)

  /// - Parameter onEnd: called on the thread when the bytes are there, or cannot be read.
  init(_ slice: FileContent.Slice, onEnd: @escaping @Sendable () -> Void) {
    (self.slice, self.onEnd) = (slice, onEnd)
  }

  var outcome: Outcome { Outcome(rawValue: result.load(ordering: .acquiring)) ?? .failed }

  /// Reads, on a thread that may wait for the disk.
  func perform() {
    let isWhole = slice.file.access.bring(slice)
    result.store((isWhole ? Outcome.done : .failed).rawValue, ordering: .releasing)
    onEnd()
  }
}
