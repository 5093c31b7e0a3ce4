import Core

/// A playlist in the format M3U: a path of a file in each line, relative to the playlist's folder. A line `#EXTINF:SECONDS,TITLE`
/// names the title of the next file.
package struct M3U: Equatable, Sendable {
  package let files: [ListedFile]
  /// Lines with a URL, which are not played.
  package let urls: Int
  /// Whether the playlist has more files than the limit.
  package let isCut: Bool

  /// - Parameters:
  ///   - bytes: the text, in UTF-8, or in ISO 8859-1 where the text is not valid as UTF-8.
  ///   - folder: the playlist's own folder.
  ///   - limit: the most files.
  package init(_ bytes: [UInt8], folder: String, atMost limit: Int) {
    let text =
      String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    var (files, urls, title, isCut): ([ListedFile], Int, String?, Bool) = ([], 0, nil, false)
    for line in text.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
      let line = Self.trimmed(line)
      if line.isEmpty || line.contains("\0") { continue }
      if line.begins(with: "#") {
        if line.begins(with: "#EXTINF:"), let comma = line.utf8.firstIndex(of: UInt8(ascii: ",")) {
          title = Self.trimmed(line.unicodeScalars[comma...].dropFirst())
        }
        continue
      }
      defer { title = nil }
      guard !Self.isURL(line) else {
        urls += 1
        continue
      }
      guard files.count < limit else {
        isCut = true
        break
      }
      let name = title?.isEmpty == true ? nil : title
      files.append(ListedFile(path: line.begins(with: "/") ? line : "\(folder)/\(line)", title: name))
    }
    (self.files, self.urls, self.isCut) = (files, urls, isCut)
  }

  /// RFC 3986 §3.1: a scheme begins with a letter.
  private static func isURL(_ line: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    let bytes = line.utf8
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), let first = bytes.first, isLetter(first),
      Substring(bytes[colon...]).begins(with: "://")
    else { return false }
    return bytes[..<colon].allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
  }

  private static func trimmed(_ scalars: Substring.UnicodeScalarView) -> String {
    func isOutside(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\u{FEFF}" }
    var rest = scalars
    while let first = rest.first, isOutside(first) { rest.removeFirst() }
    while let last = rest.last, isOutside(last) { rest.removeLast() }
    return String(Substring(rest))
  }
}
