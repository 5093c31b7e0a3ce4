package import Core

/// A title that somebody from outside has chosen, made fit for people to read. It is never a path, and never markup.
package struct UploadTitle: Equatable, Sendable {
  /// Bytes.
  package static let longest = 200

  package let text: String

  /// - Returns: nil where nothing is left.
  package init?(_ given: some StringProtocol) {
    var text = ""
    for scalar in given.unicodeScalars {
      switch scalar.properties.generalCategory {
      // Control characters, and those that turn the direction of a text, would deceive a reader.
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
        if text.unicodeScalars.last != " " { text.unicodeScalars.append(" ") }
      default: text.unicodeScalars.append(scalar)
      }
    }
    while text.utf8.count > Self.longest { text.unicodeScalars.removeLast() }
    text = Self.trimmed(text)
    guard !text.isEmpty else { return nil }
    self.text = text
  }

  /// The title of a sound to which nobody has given one.
  package static func text(recordedAt time: WallTime) -> String { "Recording of \(time.text.prefix(10))" }

  /// The title of a file: the last part of a path, without the ending.
  package init?(fileName: String) {
    let last = fileName.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last.map { String($0) } ?? ""
    guard let dot = last.unicodeScalars.lastIndex(of: "."), dot != last.startIndex else {
      self.init(last)
      return
    }
    self.init(last[..<dot])
  }

  private static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars.drop { $0 == " " }
    guard let last = scalars.lastIndex(where: { $0 != " " }) else { return "" }
    return String(scalars[...last])
  }
}
