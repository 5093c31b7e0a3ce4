import Testing

@testable import HTTP

@Suite struct ResponseTests {
  @Test func `caches do not keep a text answer`() {
    let response = Response.text(404, "no such segment\n", headers: CORS.headers)
    #expect(response.status == 404)
    #expect(response.header("content-type") == "text/plain; charset=utf-8")
    #expect(response.header("Cache-Control") == "no-store")
    #expect(response.header("Access-Control-Allow-Origin") == "*")
    #expect(response.content == Array("no such segment\n".utf8))
  }

  @Test func `pieces are one content`() {
    let bytes = Bytes([1, 2, 3, 4])
    let response = Response(status: 200, body: [.init(bytes, 2..<4), .init([9]), .init(bytes, 0..<1)])
    #expect(response.content == [3, 4, 9, 1])
  }

  @Test func `the header fields are UTF-8, or ISO 8859-1 where the answer asks for that`() {
    let name = [(name: "icy-name", value: "Café")]
    for (encoding, bytes) in [(FieldEncoding.utf8, Array("Café".utf8)), (.latin1, [0x43, 0x61, 0x66, 0xE9])] {
      let response = Response(status: 200, headers: name, encoding: encoding).adding([(name: "A", value: "b")])
      #expect(response.prepared.fields.starts(with: Array("icy-name: ".utf8) + bytes + Array("\r\nA: b\r\n".utf8)))
    }
  }
}
