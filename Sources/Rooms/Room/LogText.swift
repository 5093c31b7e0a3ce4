/// Text of other people in a line of the log.
enum LogText {
  /// Without control characters and line ends.
  static func safe(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: kept.append("?")
      default: kept.append(scalar)
      }
    }
    return String(kept)
  }
}
