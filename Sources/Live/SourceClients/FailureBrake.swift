import Core
import HTTP
import System

/// Slows down whoever tries passwords: after each failure beyond the first three, an address must wait, longer and longer.
/// Pure: the time comes with the call.
struct FailureBrake: Sendable {
  private static let free = 3
  private static let waits = Duration.seconds(1)...Duration.seconds(30)
  /// The failures of an address are forgotten after this time without another one.
  private static let memory = Duration.seconds(600)
  /// The most addresses. Beyond them, the failure that lies back furthest is forgotten.
  private static let most = 1000

  private struct Record {
    var failures: Int
    var last: MonotonicTime
    var until: MonotonicTime
  }

  private var records: [ClientAddress: Record] = [:]

  /// The time for which the passwords of an address do not count; nil where they count.
  func wait(for address: ClientAddress, now: MonotonicTime) -> Duration? {
    guard let record = records[address], record.until > now else { return nil }
    return record.until - now
  }

  /// Notes a wrong password.
  /// - Returns: the number of the failures of this address.
  mutating func fail(_ address: ClientAddress, now: MonotonicTime) -> Int {
    var record = records[address] ?? Record(failures: 0, last: now, until: now)
    if now - record.last > Self.memory { record.failures = 0 }
    record.failures += 1
    let doublings = min(max(0, record.failures - Self.free - 1), 5)
    let wait = min(Self.waits.lowerBound * (1 << doublings), Self.waits.upperBound)
    (record.last, record.until) = (now, record.failures > Self.free ? now + wait : now)
    if records[address] == nil, records.count >= Self.most,
      let oldest = records.min(by: { $0.value.last < $1.value.last })
    {
      records[oldest.key] = nil
    }
    records[address] = record
    return record.failures
  }

  /// Notes a right password.
  mutating func succeed(_ address: ClientAddress) {
    records[address] = nil
  }
}
