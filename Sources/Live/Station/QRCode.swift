private import CQREncode

/// A QR code (ISO/IEC 18004): a picture of a text that phones read.
struct QRCode {
  /// The standard asks for a light border of four modules.
  private static let border = 4

  /// Modules, the small squares, in a row and in a column.
  let size: Int
  /// Row by row; a dark module is true.
  private let modules: [Bool]

  /// - Parameter text: at most 2953 bytes of UTF-8.
  /// - Returns: nil if the text is too long (QRcode_encodeString8bit).
  init?(_ text: String) {
    guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L) else { return nil }
    defer { QRcode_free(code) }
    let count = Int(code.pointee.width)
    size = count
    modules = (0..<(count * count)).map { code.pointee.data[$0] & 1 == 1 }
  }

  /// Whether a module is dark. The border, and all beyond it, is light.
  subscript(row: Int, column: Int) -> Bool {
    guard (0..<size).contains(row), (0..<size).contains(column) else { return false }
    return modules[row * size + column]
  }

  /// An SVG picture of the code, dark on light, with the light border. A row of dark modules is one rectangle.
  var picture: String {
    let side = size + 2 * Self.border
    var path = ""
    for row in 0..<size {
      var column = 0
      while column < size {
        let width = (column..<size).prefix { self[row, $0] }.count
        if width > 0 { path += "M\(column + Self.border) \(row + Self.border)h\(width)v1h-\(width)z" }
        column += max(1, width)
      }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(side) \(side)\" shape-rendering=\"crispEdges\">"
      + "<path fill=\"#fff\" d=\"M0 0h\(side)v\(side)H0z\"/><path d=\"\(path)\"/></svg>\n"
  }

  /// The lines of a terminal that shows the code dark on light, whatever the colours of the terminal (ECMA-48 §8.3.117). A
  /// character shows two modules, one above the other, so that the code is square.
  var terminalText: String {
    let range = -Self.border..<(size + Self.border)
    return stride(from: range.lowerBound, to: range.upperBound, by: 2).map { row in
      let line = range.map { column in
        switch (self[row, column], self[row + 1, column]) {
        case (true, true): "█"
        case (true, false): "▀"
        case (false, true): "▄"
        case (false, false): " "
        }
      }
      return "\u{1B}[30;107m\(line.joined())\u{1B}[0m\n"
    }.joined()
  }
}
