import Core
import HLS

extension NowPlaying {
  /// Reads a text file. Its first lines `title=…` and `artist=…` count, and other lines do not. Without such lines, the
  /// first line that is not empty is the title.
  init(file: [UInt8]) {
    let lines = ForeignText.lines(file)
    func value(_ name: String) -> String? {
      for line in lines {
        let parts = line.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false).map {
          Substring($0)
        }
        let isNamed = parts[0].filter { !$0.isWhitespace }.lowercased() == name
        if parts.count == 2, isNamed { return String(parts[1]) }
      }
      return nil
    }
    let (title, artist) = (value("title"), value("artist"))
    let first = lines.first { !$0.allSatisfy(\.isWhitespace) }
    self.init(mending: title ?? (artist == nil ? first : nil), artist: artist)
  }
}
