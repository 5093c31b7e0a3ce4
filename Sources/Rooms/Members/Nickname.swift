@_spi(_Unicode) import Swift

/// The name of a member, as people choose and see it.
struct Nickname: Equatable, Sendable {
  /// In graphemes.
  static let longest = 32
  /// Scalars in one grapheme: a family with skin tones has fewer. It keeps piles of accents out.
  private static let longestGrapheme = 16

  /// In Unicode's normalization form C (UAX #15), with single spaces between words.
  let text: String
  /// Two names with the same key are the same to people: letters differ in case or in form only, or one name has invisible
  /// characters.
  let key: String

  private init(unchecked text: String) {
    self.text = text
    var visible = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !scalar.properties.isDefaultIgnorableCodePoint { visible.append(scalar) }
    key = Self.normalized(String(visible).uppercased().lowercased())
  }

  /// Nil for a text with a control or direction character, for one that shows nothing, and for one that is too long.
  init?(_ text: String) {
    // A bound for the work; 32 graphemes of 16 scalars are shorter.
    guard text.utf8.count <= 4096, !text.unicodeScalars.contains(where: Self.isForbidden) else { return nil }
    let words = Self.normalized(text).split(whereSeparator: \.isWhitespace)
    let name = words.joined(separator: " ")
    guard (1...Self.longest).contains(name.count) else { return nil }
    guard name.allSatisfy({ $0.unicodeScalars.count <= Self.longestGrapheme }) else { return nil }
    self.init(unchecked: name)
    guard !key.isEmpty else { return nil }
  }

  static func guest(_ number: Int) -> Nickname { Nickname(unchecked: "Guest \(number)") }

  /// The name with the first number from 2 on that makes the name free.
  func suggestion(isTaken: (Nickname) -> Bool) -> Nickname {
    var number = 2
    while true {
      let ending = " \(number)"
      let beginning = text.prefix(Self.longest - ending.count)
      let name = Nickname(unchecked: beginning + ending)
      if !isTaken(name) { return name }
      number += 1
    }
  }

  /// Normalization form C. The standard library has it, not yet as public API.
  private static func normalized(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text._nfc { scalars.append(scalar) }
    return String(scalars)
  }

  /// A character that ends a line, controls a terminal, or changes the direction of text (UAX #9), or is invisible. The two
  /// joiners stay: emoji and some scripts need them. So do the tags of flags.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    case .format: !(scalar.value == 0x200C || scalar.value == 0x200D || (0xE0020...0xE007F).contains(scalar.value))
    default: false
    }
  }
}
