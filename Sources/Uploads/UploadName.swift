package import Core

/// The name of an upload, which the station makes: the time, and random digits that nobody guesses, as in
/// `upload-20261130T140000Z-0123456789abcdef`.
package struct UploadName: Hashable, Sendable {
  private static let prefix = "upload-"
  private static let pattern = Array("00000000T000000Z-xxxxxxxxxxxxxxxx".utf8)

  /// The name without an ending.
  package let id: String

  package init(at time: WallTime, number: UInt64) {
    let stamp = time.text.prefix(19).filter { $0 != "-" && $0 != ":" }
    let digits = String(number, radix: 16)
    id = "\(Self.prefix)\(stamp)Z-\(String(repeating: "0", count: 16 - digits.utf8.count))\(digits)"
  }

  /// Nil for a text that is no name of an upload.
  package init?(id: some StringProtocol) {
    let bytes = Array(id.utf8)
    guard bytes.count == Self.prefix.utf8.count + Self.pattern.count, bytes.starts(with: Self.prefix.utf8) else {
      return nil
    }
    for (byte, expected) in zip(bytes.dropFirst(Self.prefix.utf8.count), Self.pattern) {
      let isDigit = (0x30...0x39).contains(byte)
      switch expected {
      case UInt8(ascii: "0"): guard isDigit else { return nil }
      case UInt8(ascii: "x"): guard isDigit || (0x61...0x66).contains(byte) else { return nil }
      default: guard byte == expected else { return nil }
      }
    }
    self.id = String(id)
  }

  /// The time in the name; nil where it is none.
  package var time: WallTime? {
    let digits = Array(id.utf8.dropFirst(Self.prefix.utf8.count))
    func text(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
    return WallTime(
      "\(text(0..<4))-\(text(4..<6))-\(text(6..<8))T\(text(9..<11)):\(text(11..<13)):\(text(13..<15)).000Z")
  }

  /// The file with the bytes as they came.
  package func original(_ format: SoundFormat) -> String { "\(id).\(format.ending)" }
  /// The copy that plays in every browser.
  package var copy: String { "\(id).copy.mp3" }
  /// The file with everything that is known of the upload.
  package var record: String { "\(id).json" }
}

/// The random name that a page gives to a sound that comes in pieces: 32 hexadecimal digits in lower case.
package struct UploadKey: Hashable, Sendable {
  package let text: String

  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == 32, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else {
      return nil
    }
    self.text = String(text)
  }

  /// The file in which the pieces are joined.
  package var file: String { text + Self.ending }
  package static let ending = ".part"
}
