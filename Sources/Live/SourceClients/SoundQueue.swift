import Audio
import Core
import Synchronization
import System
import Voice

/// The decoded sound of one source client on its way from the client's decoder to the capture thread, which never waits.
final class SoundQueue: Sendable {
  private struct State {
    var samples: [Int32] = []
    /// The samples at the front that were taken.
    var taken = 0
    /// The titles that begin there among the samples.
    var titles: [(place: Int, title: SoundTitle)] = []
    /// The title of the sound that was taken last, until somebody asks for the title.
    var begun: SoundTitle?
    var isOver = false
    var isClosed = false
    /// Whether the decoder has waited for room since the last look.
    var wasFull = false
    /// Whether the decoder waits for room.
    var isWaiting = false

    var count: Int { samples.count - taken }
  }

  /// The state of the queue at one moment.
  struct Look {
    /// Frames that wait.
    let frames: Int
    /// Whether the client sends faster than real time.
    let isAhead: Bool
    /// Whether no more sound comes.
    let isOver: Bool
  }

  /// The longest sound that waits.
  static let capacity = Duration.seconds(2)
  /// The decoder looks again after this time, in case the capture thread has ended.
  private static let roomTimeout = Duration.milliseconds(100)

  /// The most titles that wait.
  private static let mostTitles = 16

  let format: PCMFormat
  private let mostSamples: Int
  private let state = Mutex(State())
  private let room = Semaphore()

  init(format: PCMFormat) {
    self.format = format
    mostSamples = Self.capacity.samples(rate: format.sampleRate) * format.channels
  }

  // The decoder's side

  /// Adds sound, and waits for room before.
  /// - Returns: false if nobody takes the sound any more.
  func put(_ samples: [Int32]) -> Bool {
    while true {
      let isDone: Bool? = state.withLock { state in
        if state.isClosed { return false }
        guard state.count < mostSamples else {
          (state.wasFull, state.isWaiting) = (true, true)
          return nil
        }
        state.samples += samples
        return true
      }
      if let isDone { return isDone }
      room.wait(atMost: Self.roomTimeout)
    }
  }

  /// Adds sound without a wait. Where there is no room, the oldest sound goes.
  func offer(_ samples: [Int32]) {
    state.withLock { state in
      let excess = state.count + samples.count - mostSamples
      if excess > 0 { _ = drop(min(excess, state.count) / format.channels * format.channels, &state) }
      state.samples += samples.suffix(mostSamples)
    }
  }

  /// A title begins with the sound that is added next.
  func begin(_ title: SoundTitle) {
    state.withLock { state in
      if state.titles.count == Self.mostTitles { state.titles.removeFirst() }
      state.titles.append((state.samples.count, title))
    }
  }

  /// The decoder has ended.
  func end() {
    state.withLock { $0.isOver = true }
  }

  // The capture thread's side

  var look: Look {
    state.withLock { state in
      defer { state.wasFull = false }
      return Look(frames: state.count / format.channels, isAhead: state.wasFull, isOver: state.isOver)
    }
  }

  /// Whether no more sound comes, and too little waits to be taken.
  var isDrained: Bool {
    state.withLock { state in state.isOver && state.count < Sound.frames * format.channels }
  }

  /// Whether sound waits.
  var hasSound: Bool { state.withLock { $0.count > 0 } }

  /// The title that the sound taken last has begun; nil if none has begun since the call before.
  func takeTitle() -> SoundTitle? {
    state.withLock { state in
      defer { state.begun = nil }
      return state.begun
    }
  }

  /// Replaces `block` by the next frames; the block is empty where too few wait.
  func take(frames: Int, into block: inout [Int32]) {
    block.removeAll(keepingCapacity: true)
    let wakes = state.withLock { state in
      let count = frames * format.channels
      guard state.count >= count else { return false }
      block.append(contentsOf: state.samples[state.taken..<state.taken + count])
      return drop(count, &state)
    }
    if wakes { room.post() }
  }

  func skip(frames: Int) {
    if state.withLock({ state in drop(min(frames * format.channels, state.count), &state) }) { room.post() }
  }

  /// Nobody takes the sound any more.
  func close() {
    state.withLock { state in
      (state.isClosed, state.isOver, state.samples, state.taken) = (true, true, [], 0)
    }
    room.post()
  }

  /// - Returns: whether the decoder waits, and there is room again.
  private func drop(_ count: Int, _ state: inout State) -> Bool {
    state.taken += count
    while let first = state.titles.first, first.place < state.taken {
      state.begun = first.title
      state.titles.removeFirst()
    }
    if state.taken * 2 >= state.samples.count {
      state.samples.removeFirst(state.taken)
      for index in state.titles.indices { state.titles[index].place -= state.taken }
      state.taken = 0
    }
    guard state.isWaiting, state.count < mostSamples else { return false }
    state.isWaiting = false
    return true
  }
}
