import Core
import Testing

@testable import Rooms

@Suite struct NicknameTests {
  @Test(arguments: [
    ("Ann", "Ann"), ("  Ann   Lee\u{A0}", "Ann Lee"), ("e\u{301}", "\u{E9}"), ("A\u{30A}", "\u{C5}"),
    ("\u{1100}\u{1161}", "\u{AC00}"), ("שלום", "שלום"), ("<b>", "<b>"), ("👩‍👩‍👧", "👩‍👩‍👧"),
    (String(repeating: "👩‍👩‍👧", count: 32), String(repeating: "👩‍👩‍👧", count: 32)),
  ])
  func `a name is in normalization form C, with single spaces`(text: String, name: String) throws {
    let nickname = try #require(Nickname(text))
    #expect(Array(nickname.text.unicodeScalars) == Array(name.unicodeScalars))
  }

  @Test(arguments: [
    "", " ", "a\u{0}", "a\nb", "a\tb", "\u{7F}", "a\u{85}", "a\u{202E}b", "a\u{2066}b", "\u{200E}a", "\u{200F}a",
    "\u{61C}a",
    "a\u{2028}b", "a\u{200B}b", "\u{FEFF}a", "a\u{AD}b", "\u{200D}", String(repeating: "a", count: 33),
    String(repeating: "👩‍👩‍👧", count: 33), "a" + String(repeating: "\u{301}", count: 20),
  ])
  func `control, direction and invisible characters are refused, as is a long or an empty text`(text: String) {
    #expect(Nickname(text) == nil)
  }

  @Test(arguments: [
    ("Ann", "aNN"), ("ÄNN", "a\u{308}nn"), ("STRASSE", "straße"), ("Ann\u{200D}", "Ann"), ("ΣΟΣ", "σος"),
  ])
  func `names are the same without case, form and invisible characters`(left: String, right: String) throws {
    let (left, right) = (try #require(Nickname(left)), try #require(Nickname(right)))
    #expect(left.key == right.key)
  }

  @Test func `a suggestion has the first free number`() throws {
    let name = try #require(Nickname("Ann"))
    #expect(name.suggestion { ["Ann", "Ann 2"].contains($0.text) }.text == "Ann 3")
  }

  @Test func `a suggestion is no longer than a name`() throws {
    let name = try #require(Nickname(String(repeating: "👩‍👩‍👧", count: 32)))
    let suggestion = name.suggestion { _ in false }
    #expect(suggestion.text == String(repeating: "👩‍👩‍👧", count: 30) + " 2")
    #expect(Nickname(suggestion.text) == suggestion)
  }
}
