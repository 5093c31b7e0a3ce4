import Core
import Testing

@Suite struct TextLinesTests {
  @Test(arguments: [
    ("", [""]), ("a", ["a"]), ("a\n", ["a", ""]), ("a\r\nb\r\n", ["a", "b", ""]), ("\n\n", ["", "", ""]),
    ("a\tb\n\u{A0}ü\u{3000}", ["a\tb", "\u{A0}ü\u{3000}"]), ("e\u{301}\nx", ["e\u{301}", "x"]),
  ])
  func `a line ends at LF and at CRLF`(text: String, lines: [String]) throws {
    #expect(try TextLines.of(text).map(String.init) == lines)
  }

  @Test(arguments: [
    ("a\nb\rc", 2, "U+000D"), ("a\r", 1, "U+000D"), ("a\r\r\nb", 1, "U+000D"),
    ("# welcome\u{2028}host = 0.0.0.0", 1, "U+2028"),
    ("a\n\n\u{2029}", 3, "U+2029"), ("\u{B}", 1, "U+000B"), ("x\u{C}", 1, "U+000C"), ("x\u{85}y", 1, "U+0085"),
    ("\0", 1, "U+0000"), ("\u{1B}[2J", 1, "U+001B"), ("\u{7F}", 1, "U+007F"),
  ])
  func `other controls and separators are refused`(text: String, line: Int, character: String) {
    let rule = "a line ends with LF or CRLF, and has no other control character"
    #expect(throws: TextLines.Malformed(line: line, character: character, rule: rule)) { try TextLines.of(text) }
  }

  @Test func `a byte order mark is named as one`() {
    let mistake = #expect(throws: TextLines.Malformed.self) { try TextLines.of("\u{FEFF}port = 80\n") }
    #expect(
      mistake?.description
        == "line 1: U+FEFF: the file begins with a byte order mark; save the file as UTF-8 without one")
  }
}
