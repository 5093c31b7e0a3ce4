import Core

/// A playlist that a station gives in place of its stream: M3U, or PLS. Pure.
enum RelayPlaylist: Equatable {
  /// The addresses as the playlist has them, perhaps relative; perhaps none.
  case addresses([String])
  /// The playlist is one of HLS.
  case hls

  /// The longest playlist, in bytes.
  static let longest = 64 << 10
  /// Further addresses do not count.
  static let mostAddresses = 16

  init(_ bytes: [UInt8]) {
    let lines = ForeignText.lines(bytes).map { line in
      String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }.filter { !$0.isEmpty }
    if lines.contains(where: { $0.hasPrefix("#EXT-X-") }) {
      self = .hls
      return
    }
    let isPLS = lines.first?.lowercased() == "[playlist]"
    let addresses = lines.compactMap { isPLS ? Self.file(in: $0) : $0.hasPrefix("#") ? nil : $0 }
    self = .addresses(Array(addresses.filter { $0.utf8.count <= RelayURL.longest }.prefix(Self.mostAddresses)))
  }

  /// The value of a line `File1=ADDRESS`.
  private static func file(in line: String) -> String? {
    let parts = line.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count > 4, Substring(parts[0].prefix(4)).lowercased() == "file",
      parts[0].dropFirst(4).allSatisfy({ (0x30...0x39).contains($0) }), !parts[1].isEmpty
    else { return nil }
    return String(Substring(parts[1]))
  }
}
