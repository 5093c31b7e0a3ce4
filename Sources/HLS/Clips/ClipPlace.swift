package import Core

/// A place in the ring that a request for a clip names.
package enum ClipPlace: Equatable, Sendable {
  /// A date as the playlist has it, `2026-11-30T13:04:05.678Z`.
  case date(WallTime)
  /// The beginning of a part, by the numbers of its URL: `12.3` is part 3 of segment 12, and `12` is the beginning of the
  /// segment.
  case part(sequence: Int, index: Int)

  /// Nil for a text that is neither.
  package init?(_ text: String) {
    if let date = WallTime(text) {
      self = .date(date)
      return
    }
    let numbers = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Self.number)
    guard (1...2).contains(numbers.count), let sequence = numbers[0], let index = numbers.count == 1 ? 0 : numbers[1]
    else { return nil }
    self = .part(sequence: sequence, index: index)
  }

  private static func number(_ digits: Substring.UTF8View) -> Int? {
    guard (1...15).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(String(Substring(digits)))
  }
}
