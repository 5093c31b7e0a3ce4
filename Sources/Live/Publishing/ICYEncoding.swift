/// The encoding of the titles in the endless stream. No standard names one: players of today expect UTF-8, and old radios
/// show ISO 8859-1.
package enum ICYEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  case latin1

  /// The text as far as the encoding has its characters; another character becomes a similar one, or a question mark.
  func representable(_ text: String) -> String {
    switch self {
    case .utf8: text
    case .latin1: String(text.flatMap { Self.characters[$0] ?? "?" })
    }
  }

  /// The bytes of a text that is representable.
  func bytes(_ text: String) -> [UInt8] {
    switch self {
    case .utf8: Array(text.utf8)
    case .latin1: text.unicodeScalars.map { UInt8($0.value) }
    }
  }

  /// Takes the place of an apostrophe that would end a title.
  var apostrophe: Unicode.Scalar {
    switch self {
    case .utf8: "’"
    case .latin1: "´"
    }
  }

  /// The text in ISO 8859-1 for a character. Two spellings of a character, as é and e with an accent upon it, are equal.
  private static let characters: [Character: String] = {
    var table = similar
    for byte in UInt8(0x20)...UInt8.max { table[Character(Unicode.Scalar(byte))] = String(Unicode.Scalar(byte)) }
    return table
  }()

  private static let similar: [Character: String] = [
    "‘": "'", "’": "'", "‚": "'", "“": "\"", "”": "\"", "„": "\"", "–": "-", "—": "-", "‐": "-", "…": "...", "•": "·",
    "€": "EUR", "™": "(TM)", "Œ": "OE", "œ": "oe", "Š": "S", "š": "s", "Ž": "Z", "ž": "z", "Ÿ": "Y", "‹": "<", "›": ">",
    "ẞ": "SS", "\u{2009}": " ", "\u{202F}": " ",
  ]
}
