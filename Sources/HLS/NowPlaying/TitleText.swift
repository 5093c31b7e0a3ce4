/// The rules for the text of a title or an artist, and for other texts of one line.
package enum TitleText {
  /// Without white space at both ends; nil for a text that is empty then.
  package static func trimmed(_ text: String) -> String? {
    var rest = text[...]
    rest = rest.drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest.isEmpty ? nil : String(rest)
  }

  /// A text that follows the rules, made from any text: line breaks and control characters become spaces, and a text of
  /// more than `longest` bytes of UTF-8 is cut between two characters.
  static func mended(_ text: String, longest: Int) -> String? {
    let spaced = text.unicodeScalars.map { breaksLine($0) ? " " : $0 }
    guard let whole = trimmed(isolated(String(String.UnicodeScalarView(spaced)))) else { return nil }
    let cut = prefix(of: whole, longest: longest)
    return trimmed(cut.utf8.count < whole.utf8.count ? isolated(cut) : cut)
  }

  /// Whether a character ends a line or controls a terminal.
  package static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// Without the characters that begin an embedding, an override or an isolate and are not closed, or that close none (UAX
  /// #9, BD9 and BD11). They would change the direction of the text that a page or a player shows after this one.
  package static func isolated(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    guard scalars.contains(where: { isDirection($0) }) else { return text }
    var open: [Int] = []
    var loose: Set<Int> = []
    for (index, scalar) in scalars.enumerated() {
      switch scalar.value {
      case 0x202A, 0x202B, 0x202D, 0x202E, 0x2066...0x2068: open.append(index)
      case 0x202C:
        if let last = open.last, !isIsolate(scalars[last]) { open.removeLast() } else { loose.insert(index) }
      case 0x2069:
        // The end of an isolate closes the embeddings and overrides within; they are left out as well.
        guard let begin = open.lastIndex(where: { isIsolate(scalars[$0]) }) else {
          loose.insert(index)
          continue
        }
        loose.formUnion(open[(begin + 1)...])
        open.removeSubrange(begin...)
      default: break
      }
    }
    loose.formUnion(open)
    let kept = scalars.indices.filter { !loose.contains($0) }.map { scalars[$0] }
    return String(String.UnicodeScalarView(kept))
  }

  private static func isDirection(_ scalar: Unicode.Scalar) -> Bool {
    (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }

  private static func isIsolate(_ scalar: Unicode.Scalar) -> Bool { (0x2066...0x2068).contains(scalar.value) }

  /// The first characters, in at most `longest` bytes of UTF-8.
  private static func prefix(of text: String, longest: Int) -> String {
    var cut = text[...]
    while cut.utf8.count > longest { cut.removeLast() }
    if !cut.isEmpty { return String(cut) }
    // One character with more accents than there is room for.
    var scalars = Substring(text).unicodeScalars
    while String(scalars).utf8.count > longest { scalars.removeLast() }
    return String(scalars)
  }
}
