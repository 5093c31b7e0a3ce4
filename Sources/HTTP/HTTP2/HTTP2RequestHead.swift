/// The header section of an HTTP/2 request (RFC 9113 §8.3.1). libnghttp2 resets the stream of a request whose pseudo-header
/// fields are missing, repeated or misplaced, or that has a connection-specific field; the other errors are `refusal`.
struct HTTP2RequestHead {
  private(set) var method = ""
  /// The value of `:path`, not decoded; empty for CONNECT.
  private(set) var target: [UInt8] = []
  private(set) var scheme = ""
  /// All fields but the pseudo-header fields. The value of `:authority` is the Host field.
  private(set) var headers = HeaderFields()
  /// The answer to a request that no handler may see; nil for most requests. Fields may then be missing.
  private(set) var refusal: Response?

  private var authority: [UInt8]?
  private var cookie: [UInt8] = []
  private var size = 0
  private let limit: Int

  /// - Parameter limit: bytes of the header section, with 32 for each field (RFC 9113 §6.5.2).
  init(limit: Int) {
    self.limit = limit
  }

  mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    size += name.count + value.count + 32
    if size > limit { refuse(Self.tooLarge(limit)) }
    if refusal == nil { name.first == UInt8(ascii: ":") ? setPseudo(name, value) : setField(name, value) }
  }

  /// A field has a name that is no token, or a value with a control character or with whitespace at an end.
  mutating func appendMalformed() {
    refuse(.badRequest("malformed header field"))
  }

  /// The header section is complete.
  mutating func finish() {
    if !cookie.isEmpty { headers.append(name: "cookie".utf8, value: cookie) }
    cookie = []
    if method == "CONNECT" {
      refuse(.text(501, "CONNECT is not supported\n"))
    } else if !["http", "https"].contains(where: { scheme.equalsIgnoringCase($0) }) {
      refuse(.badRequest("the scheme must be http or https"))
    }
  }

  private mutating func setPseudo(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    if name.elementsEqual(":method".utf8) {
      method = String(decoding: value, as: UTF8.self)
    } else if name.elementsEqual(":path".utf8) {
      target = Array(value)
    } else if name.elementsEqual(":scheme".utf8) {
      scheme = String(decoding: value, as: UTF8.self)
    } else if name.elementsEqual(":authority".utf8) {
      // RFC 9113 §8.3.1: ":authority MUST NOT include the deprecated userinfo subcomponent for 'http' or 'https' schemed
      // URIs."
      if value.contains(UInt8(ascii: "@")) { refuse(.badRequest("malformed :authority")) }
      authority = Array(value)
      headers.append(name: "host".utf8, value: value)
    }
  }

  private mutating func setField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    if name.elementsEqual("cookie".utf8) {
      // RFC 9113 §8.2.3: "If there are multiple Cookie header fields after decompression, these MUST be concatenated into
      // a single octet string using the two-octet delimiter of 0x3b, 0x20".
      if !cookie.isEmpty { cookie += "; ".utf8 }
      cookie += value
    } else if name.elementsEqual("host".utf8), let authority {
      // RFC 9113 §8.3.1: "A server SHOULD treat a request as malformed if it contains a Host header field that identifies
      // an entity that differs from the entity in the ':authority' pseudo-header field."
      let isSame = value.elementsEqual(authority) { $0.lowercased == $1.lowercased }
      if !isSame { refuse(.badRequest("the Host header field differs from :authority")) }
    } else {
      headers.append(name: name, value: value)
    }
  }

  /// The first reason counts.
  private mutating func refuse(_ response: Response) {
    if refusal == nil { refusal = response }
  }

  /// RFC 6585 §5: "431 … can be used both when the set of request header fields in total is too large, and when a single
  /// header field is at fault."
  private static func tooLarge(_ limit: Int) -> Response {
    .text(431, "the header section of a request must have at most \(limit) bytes\n")
  }
}
