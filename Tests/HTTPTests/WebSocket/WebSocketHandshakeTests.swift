import Testing

@testable import HTTP

@Suite struct WebSocketHandshakeTests {
  private static let valid: [(name: String, value: String)] = [
    ("Host", "server.example.com"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Origin", "http://example.com"),
    ("Sec-WebSocket-Version", "13"),
  ]

  /// - Parameter changed: fields with another value; nil for none.
  private static func verdict(
    _ changed: [String: String?] = [:], method: Request.Method = .get, subprotocols: [String] = []
  ) -> WebSocketHandshake.Verdict {
    var fields = Dictionary(uniqueKeysWithValues: valid.map { ($0.name, Optional($0.value)) })
    fields.merge(changed) { $1 }
    let headers = fields.compactMap { name, value in value.map { (name: name, value: $0) } }
    let request = Request(method: method, path: "/chat", headers: headers)
    return WebSocketHandshake.verdict(on: request, subprotocols: subprotocols)
  }

  private static func fields(_ verdict: WebSocketHandshake.Verdict) -> [String: String]? {
    guard case .accepted(let acceptance) = verdict else { return nil }
    return Dictionary(uniqueKeysWithValues: acceptance.headers.map { ($0.name, $0.value) })
  }

  private static func refusal(_ verdict: WebSocketHandshake.Verdict) -> Response? {
    if case .refused(let response) = verdict { response } else { nil }
  }

  // RFC 6455 §1.3.
  @Test func `the example of the RFC is accepted`() {
    let expected = [
      "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    ]
    #expect(Self.fields(Self.verdict()) == expected)
  }

  static let accepted: [[String: String?]] = [
    ["Connection": "keep-alive, Upgrade"], ["Connection": "uPGRADE"], ["Upgrade": "WebSocket"],
    ["Upgrade": "h2c, websocket"], ["Origin": nil], ["Sec-WebSocket-Extensions": "permessage-deflate"],
    ["Sec-WebSocket-Key": "AQIDBAUGBwgJCgsMDQ4PEA=="], ["Sec-WebSocket-Key": "+/AAAAAAAAAAAAAAAAAAAA=="],
  ]

  @Test(arguments: accepted) func `other spellings are accepted`(changed: [String: String?]) throws {
    let fields = try #require(Self.fields(Self.verdict(changed)))
    #expect(fields["Sec-WebSocket-Accept"]?.utf8.count == 28)
    #expect(fields["Sec-WebSocket-Extensions"] == nil)
  }

  static let refused: [(changed: [String: String?], status: Int)] = [
    (["Upgrade": nil], 426), (["Upgrade": "h2c"], 426), (["Upgrade": "websocket2"], 426), (["Connection": nil], 426),
    (["Connection": "keep-alive"], 426), (["Connection": "x-upgrade"], 426), (["Sec-WebSocket-Version": nil], 426),
    (["Sec-WebSocket-Version": "8"], 426), (["Sec-WebSocket-Version": "013"], 426),
    (["Sec-WebSocket-Version": "13, 13"], 426), (["Sec-WebSocket-Key": nil], 400), (["Sec-WebSocket-Key": ""], 400),
    (["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25j"], 400), (["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ="], 400),
    (["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQQ="], 400), (["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25j!Q=="], 400),
    (["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="], 400),
  ]

  @Test(arguments: refused) func `anything else is refused with one plain line`(
    changed: [String: String?], status: Int
  ) throws {
    let response = try #require(Self.refusal(Self.verdict(changed)))
    #expect(response.status == status)
    #expect(response.content.count(where: { $0 == UInt8(ascii: "\n") }) == 1)
    #expect(response.header("Upgrade") == (status == 426 ? "websocket" : nil))
    #expect(response.header("Sec-WebSocket-Version") == (status == 426 ? "13" : nil))
  }

  @Test(arguments: [.head, .put, .options, .other("POST")] as [Request.Method])
  func `only GET is accepted`(method: Request.Method) throws {
    let response = try #require(Self.refusal(Self.verdict(method: method)))
    #expect(response.status == 405)
    #expect(response.header("Allow") == "GET")
  }

  @Test func `the client's order decides on the subprotocol`() {
    func chosen(_ offered: String?, _ spoken: [String]) -> String? {
      let verdict = Self.verdict(["Sec-WebSocket-Protocol": offered], subprotocols: spoken)
      guard case .accepted(let acceptance) = verdict else { return "refused" }
      #expect(Self.fields(verdict)?["Sec-WebSocket-Protocol"] == acceptance.subprotocol)
      return acceptance.subprotocol
    }
    #expect(chosen("a, b", ["b", "a"]) == "a")
    #expect(chosen("c,b", ["b", "a"]) == "b")
    #expect(chosen("c", ["b", "a"]) == nil)
    #expect(chosen("B", ["b"]) == nil)
    #expect(chosen(nil, ["b"]) == nil)
    #expect(chosen("a", []) == nil)
  }

  // RFC 4648 §10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ]) func `bytes are encoded in base64`(bytes: String, text: String) {
    #expect(Base64.encode(Array(bytes.utf8)) == text)
  }
}
