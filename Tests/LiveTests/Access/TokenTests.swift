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
    let list = TokenList([token])
    #expect(list.token("abcdefgh") == token && list.contains("abcdefgh"))
    for shown in [
      "", "a", "abcdefg", "abcdefgi", "bbcdefgh", "abcdefghabcdefgh", "ABCDEFGH", "abcdefgh ", "abcdefgh\u{0}",
      "abcdefghi", "\u{0}bcdefgh", String(repeating: "abcdefgh", count: 1000),
    ] {
      #expect(list.token(shown) == nil && !list.contains(shown), "\(shown)")
    }
  }

  @Test func `each byte of a token counts`() throws {
    let text = String(repeating: "abcdefghijklmnop", count: 8)
    let others = (0..<3).map { String(repeating: "\($0)", count: 128) }
    let list = TokenList((others + [text]).compactMap { Token($0) })
    #expect(list.tokens.count == 4 && list.token(text)?.text == text && list.token(others[0])?.text == others[0])
    for index in 0..<128 {
      var bytes = Array(text.utf8)
      bytes[index] = UInt8(ascii: "_")
      #expect(list.token(String(decoding: bytes, as: UTF8.self)) == nil)
    }
    for length in 8..<128 { #expect(list.token(String(text.prefix(length))) == nil) }
    #expect(TokenList([]).token("abcdefgh") == nil)
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
