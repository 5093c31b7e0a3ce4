import Logging

/// When the log is told of a disk that fails or is slow: once as it begins and once when it is over, however often the disk
/// changes its mind in between.
struct DiskHealth: Equatable, Sendable {
  /// Nanoseconds that a write may take.
  static let patience = 1_000_000_000
  /// Nanoseconds without trouble until it is over.
  static let recovery = 10_000_000_000

  /// When there was trouble last, until it is over.
  private var troubled: Int?

  var isTroubled: Bool { troubled != nil }

  /// Something has failed, or takes too long.
  /// - Parameter now: monotonic nanoseconds.
  /// - Returns: whether that is news.
  mutating func fails(now: Int) -> Bool {
    defer { troubled = now }
    return troubled == nil
  }

  /// Something was written in time.
  /// - Returns: whether a trouble is over by it.
  mutating func succeeds(now: Int) -> Bool {
    guard let last = troubled, now - last >= Self.recovery else { return false }
    troubled = nil
    return true
  }
}
