import Core
import Synchronization

/// Measurements of encoding and publishing: noted on the capture thread, read on any thread.
final class EncodingStatistics: Sendable {
  struct Figures: Equatable, Sendable {
    /// The length of the sound that is encoded.
    var sound = Duration.zero
    /// The time that encoding it took.
    var encoding = Duration.zero
    /// Seconds from the capture of a chunk's last sample until listeners could have it.
    var publishing = Histogram(bounds: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2])
  }

  private let state = Mutex(Figures())

  var figures: Figures { state.withLock { $0 } }

  /// Notes that listeners can have a chunk.
  /// - Parameters:
  ///   - sound: length of the sound encoded since the start.
  ///   - encoding: time that encoding it took.
  ///   - latency: age of the chunk's last sample.
  func published(sound: Duration, encoding: Duration, latency: Duration) {
    state.withLock { state in
      state.sound = sound
      state.encoding = encoding
      state.publishing.add(latency.seconds)
    }
  }
}
