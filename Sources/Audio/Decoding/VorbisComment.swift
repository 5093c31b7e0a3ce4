/// The comment header of Vorbis, as Opus and FLAC have it, too (Vorbis I specification, §5.2.1). Pure.
package enum VorbisComment {
  /// The most comments that are read.
  static let mostComments = 1000
  /// The most bytes of a comment that counts.
  private static let longestComment = 4096

  /// The title and the artist. Bytes that are no header give none.
  /// - Parameter bytes: from the length of the vendor's name on.
  package static func tags(in bytes: some Sequence<UInt8>) -> SoundTags {
    var rest = Array(bytes)[...]
    var tags = SoundTags()
    guard let vendor = takeLength(&rest), vendor <= rest.count else { return tags }
    rest = rest.dropFirst(vendor)
    guard let count = takeLength(&rest) else { return tags }
    for _ in 0..<min(count, mostComments) {
      guard let length = takeLength(&rest), length <= rest.count else { break }
      let comment = rest.prefix(length)
      rest = rest.dropFirst(length)
      add(comment, to: &tags)
    }
    return tags
  }

  /// Takes a title or an artist from one comment; the first of each counts.
  static func add(_ comment: some Collection<UInt8>, to tags: inout SoundTags) {
    guard comment.count <= longestComment, let equals = comment.firstIndex(of: UInt8(ascii: "=")) else { return }
    let value = String(decoding: comment[equals...].dropFirst(), as: UTF8.self)
    // §5.2.2: "A case-insensitive ASCII" field name.
    switch String(decoding: comment[..<equals], as: UTF8.self).uppercased() {
    case "TITLE": tags.title = tags.title ?? value
    case "ARTIST": tags.artist = tags.artist ?? value
    default: break
    }
  }

  private static func takeLength(_ rest: inout ArraySlice<UInt8>) -> Int? {
    guard rest.count >= 4 else { return nil }
    let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    rest = rest.dropFirst(4)
    return length
  }
}
