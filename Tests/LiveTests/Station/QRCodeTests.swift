import Testing

@testable import Live

@Suite struct QRCodeTests {
  @Test func `a code has its three finder patterns, and is light around them`() throws {
    let code = try #require(QRCode("http://192.0.2.7:8080/"))
    // ISO/IEC 18004 §6.3.3: a finder pattern is 7 modules wide, in three corners.
    let finder = ["XXXXXXX", "X.....X", "X.XXX.X", "X.XXX.X", "X.XXX.X", "X.....X", "XXXXXXX"]
    for (row, column) in [(0, 0), (0, code.size - 7), (code.size - 7, 0)] {
      let seen = (row..<(row + 7)).map { row in
        (column..<(column + 7)).map { code[row, $0] ? "X" : "." }.joined()
      }
      #expect(seen == finder)
    }
    #expect(!code[-1, 0] && !code[0, -1] && !code[code.size, 0] && !code[0, code.size])
  }

  @Test func `a terminal shows every module and a border of four`() throws {
    let code = try #require(QRCode("http://192.0.2.7:8080/"))
    let lines = code.terminalText.split(separator: "\n")
    #expect(lines.count == (code.size + 9) / 2)
    for line in lines {
      #expect(line.hasPrefix("\u{1B}[30;107m") && line.hasSuffix("\u{1B}[0m"))
      #expect(line.dropFirst(9).dropLast(4).count == code.size + 8)
    }
  }

  @Test func `a text that is too long has no code`() {
    #expect(QRCode(String(repeating: "a", count: 2953)) != nil)
    #expect(QRCode(String(repeating: "a", count: 2954)) == nil)
  }
}
