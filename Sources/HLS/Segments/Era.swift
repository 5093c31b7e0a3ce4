/// The span in which no media sequence number of a stream is used twice. A start that cannot know which numbers were used
/// begins a new era: after the loss of the folder, the clock alone proves nothing.
///
/// The text of the era is part of the URL of each segment and part, so that no URL of an earlier era means another segment.
package struct Era: Hashable, Sendable {
  /// Hexadecimal digits of the text.
  private static let digits = 12

  /// Lower-case hexadecimal digits.
  package let text: String

  /// - Parameter bits: random; the lower 48 count.
  package init(bits: UInt64) {
    let digits = String(bits & 0xFFFF_FFFF_FFFF, radix: 16)
    text = String(repeating: "0", count: Self.digits - digits.utf8.count) + digits
  }

  /// Reads the one spelling of an era: nil for any other text.
  package init?(_ text: some StringProtocol) {
    let isHexadecimal = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
    guard text.utf8.count == Self.digits, isHexadecimal else { return nil }
    self.text = String(text)
  }
}

extension Era: CustomStringConvertible {
  package var description: String { text }
}
