import Core

/// An entity tag (RFC 9110 §8.8.3).
struct EntityTag: Equatable, Sendable {
  let opaque: String
  var isWeak = false

  /// A strong tag of the content: 64-bit FNV-1a and the length.
  init(of content: [UInt8]) {
    opaque = "\(String(FNV1a.hash(content), radix: 16))-\(String(content.count, radix: 16))"
  }

  init(opaque: String, isWeak: Bool = false) {
    (self.opaque, self.isWeak) = (opaque, isWeak)
  }

  /// entity-tag = [ weak ] DQUOTE *etagc DQUOTE
  var text: String { "\(isWeak ? "W/" : "")\"\(opaque)\"" }

  /// §8.8.3.2: "two entity tags are equivalent if their opaque-tags match character-by-character, regardless of either
  /// or both being tagged as "weak"".
  func matchesWeakly(_ other: EntityTag) -> Bool {
    opaque == other.opaque
  }

  /// §8.8.3.2: "two entity tags are equivalent if both are not weak and their opaque-tags match
  /// character-by-character".
  func matchesStrongly(_ other: EntityTag) -> Bool {
    !isWeak && !other.isWeak && opaque == other.opaque
  }

  /// #entity-tag; empty if the list is malformed. A tag may contain a comma.
  static func list(_ field: String) -> [EntityTag] {
    var tags: [EntityTag] = []
    var rest = Substring(field).utf8.trimmed
    while !rest.isEmpty {
      if rest.first != UInt8(ascii: ",") {
        guard let tag = next(&rest) else { return [] }
        tags.append(tag)
        rest = rest.trimmed
        guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return [] }
      }
      rest = rest.dropFirst().trimmed
    }
    return tags
  }

  private static func next(_ rest: inout Substring.UTF8View) -> EntityTag? {
    let isWeak = rest.starts(with: "W/".utf8)
    if isWeak { rest = rest.dropFirst(2) }
    guard rest.popFirst() == UInt8(ascii: "\""), let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
    let opaque = rest[..<end]
    // etagc = %x21 / %x23-7E / obs-text
    guard opaque.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
    rest = rest[end...].dropFirst()
    return EntityTag(opaque: String(Substring(opaque)), isWeak: isWeak)
  }
}
