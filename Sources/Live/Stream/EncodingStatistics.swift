import Core
import Synchronization

/// How a stream is being made: noted on the capture thread, read by whoever asks.
final class EncodingStatistics: Sendable {
  struct Figures: Equatable, Sendable {
    /// Seconds of sound encoded.
    var sound = 0.0
    /// Seconds it took.
    var encoding = 0.0
    /// Seconds from when the last sample of a piece was captured until listeners could have it.
    var publishing = Histogram(bounds: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2])
  }

  private let state = Mutex(Figures())

  var figures: Figures { state.withLock { $0 } }

  /// A piece of the stream can be had.
  /// - Parameters:
  ///   - sound: seconds encoded since the beginning.
  ///   - encoding: seconds it took.
  ///   - latency: of that piece, in seconds.
  func published(sound: Double, encoding: Double, latency: Double) {
    state.withLock { state in
      (state.sound, state.encoding) = (sound, encoding)
      state.publishing.add(latency)
    }
  }
}
