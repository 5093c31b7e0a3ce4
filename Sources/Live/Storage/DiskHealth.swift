import Logging
import System

/// Decides when the log is told of a disk that fails or is slow: once at the start of the trouble and once at its end,
/// however often writes fail and succeed in between.
struct DiskHealth: Equatable, Sendable {
  /// A write that takes longer is slow.
  static let writeTimeout = Duration.seconds(1)
  /// The trouble is over after this span without any.
  static let recovery = Duration.seconds(10)

  /// The first and the last failure or slow write, until the trouble is over.
  private var firstTrouble: MonotonicTime?
  private var lastTrouble: MonotonicTime?

  var isTroubled: Bool { lastTrouble != nil }

  /// A write has failed, or takes too long.
  /// - Returns: whether the trouble starts with it.
  mutating func fails(now: MonotonicTime) -> Bool {
    defer { (firstTrouble, lastTrouble) = (firstTrouble ?? now, now) }
    return lastTrouble == nil
  }

  /// A write has succeeded in time.
  /// - Returns: the length of the trouble that ends with it; nil where none does.
  mutating func succeeds(now: MonotonicTime) -> Duration? {
    guard let first = firstTrouble, let last = lastTrouble, now - last >= Self.recovery else { return nil }
    (firstTrouble, lastTrouble) = (nil, nil)
    return now - first
  }
}
