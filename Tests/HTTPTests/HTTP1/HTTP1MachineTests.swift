import Testing

@testable import HTTP

@Suite struct HTTP1MachineTests {
  /// The events of a machine as text. Every content is wanted.
  static func events(_ bytes: [UInt8], by size: Int) -> [String] {
    var (machine, fields, events) = (HTTP1Machine(), HeaderFields(), [String]())
    var content: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBytes { piece in
        var input = piece
        while let event = machine.next(&input, fields: &fields) {
          switch event {
          case .head(let head):
            let names = head.headers["X"].joined(separator: "|")
            events.append("\(head.method) \(String(decoding: head.target, as: UTF8.self)) \(head.version) [\(names)]")
            if let length = head.headers["Content-Length"].first.flatMap({ Int($0) }) {
              machine.expect(.length(length))
            } else if !head.headers["Transfer-Encoding"].isEmpty {
              machine.expect(.chunked)
            } else if head.method == "SOURCE" {
              machine.expect(.untilEnd)
            }
          case .content(let bytes): content += bytes
          case .contentEnd:
            events.append("content \(String(decoding: content, as: UTF8.self))")
            content = []
          case .refused(let response, _): events.append("refused \(response.status)")
          }
        }
        #expect(input.isEmpty)
      }
    }
    if machine.inputEnded() != nil { events.append("content \(String(decoding: content, as: UTF8.self))") }
    return events
  }

  static func check(_ text: String, _ expected: [String]) {
    let bytes = Array(text.utf8)
    for size in 1...bytes.count { #expect(Self.events(bytes, by: size) == expected, "pieces of \(size)") }
  }

  @Test func `requests follow one another`() {
    Self.check(
      "GET /a HTTP/1.1\r\nX: 1\r\n\r\n\r\n\nHEAD /b HTTP/1.0\nX:2 \nx:\t3\n\nGET /c HTTP/1.1\r\n\r\n",
      ["GET /a HTTP/1.1 [1]", "HEAD /b HTTP/1.0 [2|3]", "GET /c HTTP/1.1 []"])
  }

  @Test func `content has a length, comes in chunks, or ends with the connection`() {
    Self.check(
      "PUT /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcdPUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "2\r\nef\r\n1\r\ng\r\n0\r\n\r\nPUT /c HTTP/1.1\r\nContent-Length: 0\r\n\r\nSOURCE /d HTTP/1.0\r\n\r\nhi\r\n\r\n",
      [
        "PUT /a HTTP/1.1 []", "content abcd", "PUT /b HTTP/1.1 []", "content efg", "PUT /c HTTP/1.1 []", "content ",
        "SOURCE /d HTTP/1.0 []", "content hi\r\n\r\n",
      ])
  }

  @Test(arguments: [
    ("GET\r\n\r\n", 400), ("GET /\r\n\r\n", 400), ("GET / HTTP/1.1 x\r\n\r\n", 400), ("GET  / HTTP/1.1\r\n\r\n", 400),
    (" GET / HTTP/1.1\r\n\r\n", 400), ("G(T / HTTP/1.1\r\n\r\n", 400), ("GET / http/1.1\r\n\r\n", 400),
    ("GET / HTTP/11\r\n\r\n", 400), ("GET / HTTP/2.0\r\n\r\n", 505), ("GET / HTTP/0.9\r\n\r\n", 505),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505), ("GET / HTTP/1.1\r\nX\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\n X: y\r\n\r\n", 400), ("GET / HTTP/1.1\r\nX: y\r\n z\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nX: \0\r\n\r\n", 400), ("\r\r\nGET / HTTP/1.1\r\n\r\n", 400),
    ("GET\t/\tHTTP/1.1\r\n\r\n", 400),
  ])
  func `bytes that are no request are refused, and nothing after them is read`(bytes: String, status: Int) {
    Self.check(bytes + "GET /next HTTP/1.1\r\n\r\n", ["refused \(status)"])
  }

  @Test func `an old source client names the version of Icecast`() {
    Self.check("SOURCE /live ICE/1.0\nX: y\n\nsound", ["SOURCE /live HTTP/1.0 [y]", "content sound"])
    for line in ["GET / ICE/1.0", "PUT /live ICE/1.0"] { Self.check(line + "\r\n\r\n", ["refused 400"]) }
    Self.check("SOURCE /live ICE/2.0\r\n\r\n", ["refused 400"])
  }

  @Test func `a head of 64 kB is read, and no longer one`() {
    let most = HTTP1Machine.longestHead
    func head(_ length: Int) -> [UInt8] {
      let rest = "GET / HTTP/1.1\r\nX: \r\n\r\n".utf8.count
      return Array("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: length - rest))\r\n\r\n".utf8)
    }
    let line = Array("GET /\(String(repeating: "a", count: most)) HTTP/1.1\r\n\r\n".utf8)
    for size in [100, 4096, 65_535, 65_536, 65_537, 100_000] {
      #expect(Self.events(head(most), by: size).count { $0.hasPrefix("GET / HTTP/1.1 [aaa") } == 1)
      #expect(Self.events(head(most + 1), by: size) == ["refused 431"])
      #expect(Self.events(line, by: size) == ["refused 414"])
    }
  }

  @Test func `a request has at most 500 fields`() {
    let fields = { String(repeating: "X: y\r\n", count: $0) }
    #expect(Self.events(Array("GET / HTTP/1.1\r\n\(fields(500))\r\n".utf8), by: 999).count == 1)
    #expect(Self.events(Array("GET / HTTP/1.1\r\n\(fields(501))\r\n".utf8), by: 999) == ["refused 431"])
  }

  @Test func `no bytes are kept between requests`() {
    var (machine, fields) = (HTTP1Machine(), HeaderFields())
    for piece in ["GET / HTTP/1.1\r\n", "\r\n"] {
      Array(piece.utf8).withUnsafeBytes { bytes in
        var input = bytes
        while machine.next(&input, fields: &fields) != nil {}
      }
      #expect(machine.isIdle == (piece == "\r\n"))
    }
  }
}
