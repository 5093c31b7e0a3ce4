import Audio
import Synchronization
import System

/// The bytes of one source client on their way from the loop to the client's decoder. The loop never waits: a full queue
/// makes the loop read no more until the decoder has taken half of the bytes.
final class ByteQueue: EncodedBytes, Sendable {
  private struct State {
    var bytes: [UInt8] = []
    /// The bytes at the front that were read.
    var read = 0
    var isEnded = false
    var isPaused = false
    var isReaderWaiting = false
    /// Bytes that were read since the last sound.
    var withoutSound = 0
    var isUnreadable = false
    var arrived: MonotonicTime
    var onDrained: (@Sendable () -> Void)?

    var count: Int { bytes.count - read }
  }

  /// Four seconds of MP3 at 128 kbit/s.
  static let capacity = 64 << 10
  /// The most bytes that give no sound. The comments of Vorbis and FLAC may hold a picture.
  static let mostWithoutSound = 2 << 20

  private let state = Mutex(State(arrived: .now))
  private let ready = Semaphore()

  /// Whether too many bytes have given no sound.
  var isUnreadable: Bool { state.withLock { $0.isUnreadable } }
  /// Whether no more bytes come.
  var isEnded: Bool { state.withLock { $0.isEnded } }
  /// The time of the latest bytes; now while the queue is full, since the client may not send then.
  var arrived: MonotonicTime { state.withLock { $0.isPaused ? .now : $0.arrived } }

  // The loop's side

  /// - Parameter action: called on the reader's thread when the queue takes bytes again.
  func onDrained(_ action: @escaping @Sendable () -> Void) {
    state.withLock { if !$0.isEnded { $0.onDrained = action } }
  }

  /// Adds bytes.
  /// - Returns: whether the queue is full, so that no more bytes may come before `onDrained`.
  func put(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let (isFull, wakes) = state.withLock { state in
      if !state.isEnded { state.bytes.append(contentsOf: bytes) }
      state.arrived = .now
      state.isPaused = state.count >= Self.capacity
      defer { state.isReaderWaiting = false }
      return (state.isPaused, state.isReaderWaiting)
    }
    if wakes { ready.post() }
    return isFull
  }

  /// No more bytes come.
  func end() {
    state.withLock { state in
      state.isEnded = true
      state.onDrained = nil
    }
    ready.post()
  }

  /// No more bytes come, and those that wait are dropped.
  func discard() {
    state.withLock { ($0.bytes, $0.read) = ([], 0) }
    end()
  }

  // The decoder's side

  /// Notes that the bytes so far have given sound.
  func noteSound() {
    state.withLock { $0.withoutSound = 0 }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      var drained: (@Sendable () -> Void)?
      let count: Int? = state.withLock { state in
        guard !state.isUnreadable else { return 0 }
        let count = min(state.count, buffer.count)
        guard count > 0 else {
          state.isReaderWaiting = !state.isEnded
          return state.isEnded ? 0 : nil
        }
        buffer.copyBytes(from: state.bytes[state.read..<state.read + count])
        state.read += count
        if state.read >= Self.capacity / 2 || state.count == 0 {
          state.bytes.removeFirst(state.read)
          state.read = 0
        }
        state.withoutSound += count
        state.isUnreadable = state.withoutSound > Self.mostWithoutSound
        if state.isPaused, state.count <= Self.capacity / 2 {
          state.isPaused = false
          state.arrived = .now
          drained = state.onDrained
        }
        return count
      }
      drained?()
      if let count { return count }
      ready.wait()
    }
  }
}
