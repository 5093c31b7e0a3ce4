/// The title in metadata such as `StreamTitle='Artist - Title';StreamUrl='';`. Pure.
enum ICYTitle {
  /// - Returns: nil where the metadata names no title; empty where the station takes the title away.
  static func title(in metadata: [UInt8]) -> String? {
    let (name, end) = (Array("StreamTitle='".utf8), Array("';".utf8))
    guard let start = index(of: name, in: metadata[...]).map({ $0 + name.count }) else { return nil }
    let rest = metadata[start...]
    // A title may have the two characters itself: those count behind which the next name or the end stands.
    var (found, from): (Int?, Int) = (nil, rest.startIndex)
    while let place = index(of: end, in: rest[from...]) {
      found = found ?? place
      let behind = rest[(place + end.count)...]
      if behind.isEmpty || behind.starts(with: "Stream".utf8) {
        found = place
        break
      }
      from = place + 1
    }
    var title = rest[..<(found ?? rest.endIndex)]
    if found == nil, title.last == UInt8(ascii: "'") { title = title.dropLast() }
    return String(validating: title, as: UTF8.self) ?? ForeignText.windows1252(title)
  }

  private static func index(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= pattern.count else { return nil }
    return (bytes.startIndex...bytes.endIndex - pattern.count).first { bytes[$0...].starts(with: pattern) }
  }
}
