/// The target of a request line (RFC 9112 §3.2). The path is decoded strictly: an ambiguous path is refused. The query is
/// decoded as a browser decodes a form: no text of a query is an error, because most requests have words that nobody reads.
struct RequestTarget {
  enum Rejection: Error {
    /// 400: the text is not a target by the grammar.
    case malformed
    /// 404: a target by the grammar, but no resource of this server can have such a name.
    case unnameable
  }

  /// Decoded. Slashes that follow one another are one slash.
  let path: String
  let query: [(name: String, value: String)]
  /// The query as it was sent. Old programs write other encodings than UTF-8.
  let queryBytes: [UInt8]
  /// The host and the port of a target in absolute form; nil for any other target.
  let authority: [UInt8]?

  init(_ target: [UInt8]) throws(Rejection) {
    try self.init(target[...])
  }

  init(_ target: ArraySlice<UInt8>) throws(Rejection) {
    let (authority, local) = try Self.split(target)
    let mark = local.firstIndex(of: UInt8(ascii: "?")) ?? local.endIndex
    // RFC 3986 §2: a URI is printable ASCII; a fragment is never sent. Some players send other bytes in a query.
    guard local[..<mark].allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }),
      local[mark...].allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") })
    else { throw .malformed }
    self.authority = authority
    path = try Self.path(local[..<mark])
    queryBytes = Array(local[mark...].dropFirst())
    query = Self.query(queryBytes[...])
  }

  /// The authority of an absolute form, and the rest. RFC 9112 §3.2.2: "A server MUST accept the absolute-form in requests
  /// even though most HTTP/1.1 clients will only send the absolute-form to a proxy."
  private static func split(
    _ target: ArraySlice<UInt8>
  ) throws(Rejection) -> (authority: [UInt8]?, local: ArraySlice<UInt8>) {
    if target.first == UInt8(ascii: "/") { return (nil, target) }
    for scheme in ["http://".utf8, "https://".utf8] {
      guard target.prefix(scheme.count).elementsEqual(scheme, by: { $0.lowercased == $1 }) else { continue }
      let rest = target.dropFirst(scheme.count)
      let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
      // RFC 9110 §4.2.1: "A recipient that processes such a URI reference MUST reject it as invalid", a URI with an empty
      // host. §4.2.4: the userinfo is to be treated "as an error".
      guard let first = authority.first, first != UInt8(ascii: ":"), HostField.isValid(authority) else {
        throw .malformed
      }
      let local = rest[authority.endIndex...]
      return (Array(authority), local.first == UInt8(ascii: "/") ? local : [UInt8(ascii: "/")] + local)
    }
    return (nil, target)
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
    return withSingleSlashes(path)
  }

  /// A proxy that is told to put a path in front of another often leaves a slash too many (`//live.m3u8`). RFC 3986 takes
  /// that for another name; no name of this server has an empty segment.
  private static func withSingleSlashes(_ path: String) -> String {
    let slash = UInt8(ascii: "/")
    guard zip(path.utf8, path.utf8.dropFirst()).contains(where: { $0 == slash && $1 == slash }) else { return path }
    var merged: [UInt8] = []
    for byte in path.utf8 where byte != slash || merged.last != slash { merged.append(byte) }
    return String(decoding: merged, as: UTF8.self)
  }

  private static func query(_ raw: ArraySlice<UInt8>) -> [(name: String, value: String)] {
    raw.split(separator: UInt8(ascii: "&")).map { pair in
      let spaced = ArraySlice(pair.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
      let equals = spaced.firstIndex(of: UInt8(ascii: "=")) ?? spaced.endIndex
      return (formText(spaced[..<equals]), formText(spaced[equals...].dropFirst()))
    }
  }

  /// The URL standard, "application/x-www-form-urlencoded parsing": an escape that is none stays as it is, and bytes that
  /// are not UTF-8 become U+FFFD. Control characters do so here, too.
  private static func formText(_ raw: ArraySlice<UInt8>) -> String {
    // 0xFF is no byte of UTF-8.
    let decoded = PercentEncoding.decoded(raw).map { $0 < 0x20 || $0 == 0x7F ? 0xFF : $0 }
    return String(decoding: decoded, as: UTF8.self)
  }

  /// Percent-decoded UTF-8 without control characters.
  private static func text(_ raw: ArraySlice<UInt8>) throws(Rejection) -> String {
    guard PercentEncoding.isValid(raw) else { throw .malformed }
    let decoded = PercentEncoding.decoded(raw)
    guard decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), let text = String(validating: decoded, as: UTF8.self) else {
      throw .malformed
    }
    return text
  }
}
