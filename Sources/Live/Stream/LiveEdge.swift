import Core
import Synchronization
import System

/// The place in a stream to which the capture has come: noted on the capture thread for each block, read on any thread.
///
/// Between two blocks the live edge moves on with the monotonic clock, so that the position is that of the sound which the
/// source gives at the moment of the question.
final class LiveEdge: Sendable {
  /// A place in a stream.
  struct Position: Equatable, Sendable {
    /// Frames of PCM from the stream's start to this place, counted as a player decodes them. A restart of the server counts
    /// from 0 again.
    let sample: Int
    /// The sample's wall-clock time by the stream clock, as a player finds the time from EXT-X-PROGRAM-DATE-TIME.
    let date: WallTime
  }

  /// The longest time by which the live edge moves on without a new block: a source that gives nothing for longer stands
  /// still.
  static let longestGap = Duration.seconds(1)

  private struct Mark {
    let position: Position
    let instant: MonotonicTime
  }

  /// Samples per second of the encoded stream.
  let rate: Int
  /// Nil before the first sound. The lock is held for a copy of three numbers only, so that no reader delays the capture.
  private let mark = Mutex<Mark?>(nil)

  /// - Parameter rate: samples per second of the encoded stream.
  init(rate: Int) {
    self.rate = rate
  }

  /// Notes that the sound up to `position` was captured at `instant`.
  func note(_ position: Position, at instant: MonotonicTime) {
    mark.withLock { $0 = Mark(position: position, instant: instant) }
  }

  /// The place in the stream of the sound that the source gives at `now`; nil before the first sound.
  func position(at now: MonotonicTime) -> Position? {
    guard let mark = mark.withLock({ $0 }) else { return nil }
    let gap = min(max(now - mark.instant, .zero), Self.longestGap).samples(rate: rate)
    return Position(
      sample: mark.position.sample + gap, date: mark.position.date.advanced(samples: gap, rate: rate))
  }
}
