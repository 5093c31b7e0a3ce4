/// The target of a request line (RFC 9112 §3.2), decoded strictly: an ambiguous target is refused.
struct RequestTarget {
  enum Rejection: Error {
    /// 400: the text is not a target by the grammar.
    case malformed
    /// 404: a target by the grammar, but no resource of this server can have such a name.
    case unnameable
  }

  let path: String
  let query: [(name: String, value: String)]

  init(_ target: [UInt8]) throws(Rejection) {
    try self.init(target[...])
  }

  init(_ target: ArraySlice<UInt8>) throws(Rejection) {
    // RFC 3986 §2: a URI is printable ASCII; a fragment is never sent.
    guard target.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else { throw .malformed }
    let local = Self.withoutAuthority(target)
    let mark = local.firstIndex(of: UInt8(ascii: "?")) ?? local.endIndex
    path = try Self.path(local[..<mark])
    query = try Self.query(local[mark...].dropFirst())
  }

  /// RFC 9112 §3.2.2: "A server MUST accept the absolute-form in requests even though most HTTP/1.1 clients will only
  /// send the absolute-form to a proxy."
  private static func withoutAuthority(_ target: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if target.first == UInt8(ascii: "/") { return target }
    for scheme in ["http://".utf8, "https://".utf8] {
      guard target.prefix(scheme.count).elementsEqual(scheme, by: { $0.lowercased == $1 }) else { continue }
      let rest = target.dropFirst(scheme.count)
      let local = rest.drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
      return local.first == UInt8(ascii: "/") ? local : [UInt8(ascii: "/")] + local
    }
    return target
  }

  private static func path(_ raw: ArraySlice<UInt8>) throws(Rejection) -> String {
    let slash = UInt8(ascii: "/")
    guard raw.first == slash else { throw .malformed }
    let path = try text(raw)
    // An encoded slash is part of a name (RFC 3986 §2.2), and no name here has one.
    guard path.utf8.count(where: { $0 == slash }) == raw.count(where: { $0 == slash }) else { throw .unnameable }
    guard
      !path.utf8.split(separator: slash).contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) })
    else { throw .unnameable }
    return path
  }

  private static func query(_ raw: ArraySlice<UInt8>) throws(Rejection) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for pair in raw.split(separator: UInt8(ascii: "&")) {
      let spaced = ArraySlice(pair.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
      let equals = spaced.firstIndex(of: UInt8(ascii: "=")) ?? spaced.endIndex
      pairs.append((try text(spaced[..<equals]), try text(spaced[equals...].dropFirst())))
    }
    return pairs
  }

  /// Percent-decoded UTF-8 without control characters.
  private static func text(_ raw: ArraySlice<UInt8>) throws(Rejection) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(raw.count)
    var rest = raw
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
        throw .malformed
      }
      decoded.append(high << 4 | low)
    }
    guard decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), let text = String(validating: decoded, as: UTF8.self) else {
      throw .malformed
    }
    return text
  }
}
