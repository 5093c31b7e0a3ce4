import Testing

@testable import Live

@Suite struct TokenTests {
  @Test(arguments: ["12345678", "Az09-._~", String(repeating: "x", count: 128)])
  func `a token needs no escaping anywhere`(text: String) throws {
    #expect(try #require(Token(text)).text == text)
  }

  @Test(arguments: [
    "", "1234567", String(repeating: "x", count: 129), "12345678 ", "1234 5678", "12345678%", "12345678&", "12345678+",
    "12345678\"", "1234567é", "12345678\n", "12345678;", "12345678/", "12345678=",
  ])
  func `nothing else is a token`(text: String) {
    #expect(Token(text) == nil)
  }

  @Test func `only the same is the same`() throws {
    let token = try #require(Token("abcdefgh"))
    #expect(token.matches(Array("abcdefgh".utf8)))
    for shown in ["", "a", "abcdefg", "abcdefgi", "bbcdefgh", "abcdefghabcdefgh", "ABCDEFGH", "abcdefgh "] {
      #expect(!token.matches(Array(shown.utf8)), "\(shown)")
    }
    #expect(!token.matches([]))
  }

  @Test func `a list has a token a line, and comments`() throws {
    let text = "# who may listen\n\nabcdefgh\r\n  ijklmnop\t# Anna\n#12345678\nqrstuvwx"
    #expect(try Token.list(text).map(\.text) == ["abcdefgh", "ijklmnop", "qrstuvwx"])
    for text in ["", "# nobody\n"] { #expect(try Token.list(text) == []) }
  }

  @Test func `a comment ends where its line ends`() {
    let mistake = #expect(throws: InvalidInput.Rule.self) { try Token.list("# nobody\u{2028}abcdefgh\n") }
    #expect(
      mistake?.text.text(\.rawValue)
        == "line 1: U+2028: a line ends with LF or CRLF, and has no other control character")
    #expect(throws: InvalidInput.Rule.self) { try Token.list("\u{FEFF}abcdefgh\n") }
  }

  @Test(arguments: [("short", 1), ("abcdefgh\n\nabcdefgh ijklmnop\n", 3), ("# a\nwhat?ever", 2)])
  func `a line that is none is told by its number, and not repeated`(text: String, line: Int) {
    let mistake = #expect(throws: InvalidInput.Rule.self) { try Token.list(text) }
    #expect(mistake?.text.text(\.rawValue) == "line \(line): it must be 8 to 128 letters, digits, - . _ or ~")
  }
}
