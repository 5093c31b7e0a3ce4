import Logging
import System

/// Decides when the log is told of a disk that fails or is slow: once at the start of the trouble and once at its end,
/// however often writes fail and succeed in between.
struct DiskHealth: Equatable, Sendable {
  /// A write that takes longer is slow.
  static let writeTimeout = Duration.seconds(1)
  /// The trouble is over after this span without any.
  static let recovery = Duration.seconds(10)

  /// The last failure or slow write, until the trouble is over.
  private var lastTrouble: MonotonicTime?

  var isTroubled: Bool { lastTrouble != nil }

  /// A write has failed, or takes too long.
  /// - Returns: whether the trouble starts with it.
  mutating func fails(now: MonotonicTime) -> Bool {
    defer { lastTrouble = now }
    return lastTrouble == nil
  }

  /// A write has succeeded in time.
  /// - Returns: whether a trouble ends with it.
  mutating func succeeds(now: MonotonicTime) -> Bool {
    guard let last = lastTrouble, now - last >= Self.recovery else { return false }
    lastTrouble = nil
    return true
  }
}
