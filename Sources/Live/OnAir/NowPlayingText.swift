import HLS

extension NowPlaying {
  /// Reads a text file. Its first lines `title=…` and `artist=…` count, and other lines do not. Without such lines, the
  /// first line that is not empty is the title.
  init(text: String) throws(Mistake) {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == "\u{FEFF}" } }
    func value(_ name: String) -> String? {
      for line in lines {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isNamed = parts[0].filter { !$0.isWhitespace }.lowercased() == name
        if parts.count == 2, isNamed { return String(parts[1]) }
      }
      return nil
    }
    let (title, artist) = (value("title"), value("artist"))
    let first = lines.first { !$0.allSatisfy(\.isWhitespace) }.map { String($0) }
    try self.init(title: title ?? (artist == nil ? first : nil), artist: artist)
  }
}
