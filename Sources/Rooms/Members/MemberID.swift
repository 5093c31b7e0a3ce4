import Core

/// The number of a member: random, and no secret. JavaScript reads it without loss.
package struct MemberID: Hashable, Comparable, Sendable {
  static let range = 1..<(1 << 48)

  package let number: Int

  /// Nil for a number that is not from 1 to 2⁴⁸ - 1.
  package init?(_ number: Int) {
    guard Self.range.contains(number) else { return nil }
    self.number = number
  }

  init(_ random: inout RandomNumbers) {
    number = Int.random(in: Self.range, using: &random)
  }

  package static func < (left: MemberID, right: MemberID) -> Bool { left.number < right.number }
}
