import Testing

@testable import ringcast_bench

@Suite struct HTTP2ClientTests {
  private let client = HTTP2Client(authority: "127.0.0.1:8443")
  private let server = HTTP2Server()

  /// The events of the client, with joined content.
  enum Event: Equatable {
    case head(Int)
    case body(String)
    case end(reusable: Bool)
    case reset, malformed
  }

  private func events(of bytes: [UInt8], inPiecesOf size: Int = 1 << 20) -> [Event] {
    var events: [Event] = []
    bytes.inPieces(of: size) { piece in
      var rest = piece
      while let event = client.next(&rest) {
        switch event {
        case .head(let status): events.append(.head(status))
        case .body(let bytes):
          let text = String(decoding: bytes, as: UTF8.self)
          if case .body(let before)? = events.last {
            events[events.count - 1] = .body(before + text)
          } else {
            events.append(.body(text))
          }
        case .end(let isReusable): events.append(.end(reusable: isReusable))
        case .reset: events.append(.reset)
        case .malformed: events.append(.malformed)
        }
      }
      #expect(rest.isEmpty)
    }
    return events
  }

  /// The server sends what it has; the client sends what it answers.
  private func exchange(inPiecesOf size: Int = 1 << 20) -> [Event] {
    let events = events(of: server.output(), inPiecesOf: size)
    server.receive(client.output())
    return events
  }

  private func ask(_ path: String) {
    #expect(client.get(path))
    server.receive(client.output())
  }

  @Test func `a request names the path and the server`() {
    ask("/live/7.mp3?a=b")
    #expect(
      server.requests == [
        [
          ":method": "GET", ":scheme": "https", ":authority": "127.0.0.1:8443", ":path": "/live/7.mp3?a=b",
          "user-agent": "ringcast-bench",
        ]
      ])
  }

  @Test(arguments: [1, 2, 3, 9, 1000])
  func `reads one response after another, in pieces of any size`(size: Int) {
    for (status, content) in [(200, "hello"), (200, ""), (404, String(repeating: "x", count: 3000))] {
      #expect(!client.isInside)
      ask("/")
      #expect(client.isInside)
      server.respond([(":status", "\(status)"), ("content-type", "text/plain")], content)
      let body: [Event] = content.isEmpty ? [] : [.body(content)]
      #expect(exchange(inPiecesOf: size) == [.head(status)] + body + [.end(reusable: true)])
    }
    #expect(server.requests.count == 3)
  }

  @Test func `a response may be larger than the windows that HTTP/2 begins with`() {
    let content = String(repeating: "0123456789", count: 50_000)
    ask("/")
    server.respond([(":status", "200")], content)
    #expect(exchange() == [.head(200), .body(content), .end(reusable: true)])
  }

  @Test func `informational responses and trailers are no response`() {
    ask("/")
    server.inform([(":status", "103"), ("link", "</a>; rel=preload")])
    server.respond([(":status", "200")], "a", trailers: [("t", "u")])
    #expect(exchange() == [.head(200), .body("a"), .end(reusable: true)])
  }

  @Test func `a response that is broken off is no end`() {
    ask("/")
    server.reset()
    #expect(exchange() == [.reset])
    #expect(!client.isInside)
  }

  @Test func `a connection that closes before the end is an error`() {
    ask("/")
    #expect(client.closed() == .reset)
  }

  @Test func `a connection that is shut down gives the last response, and takes no request after it`() {
    ask("/")
    server.respond([(":status", "200")], "a")
    server.shutDown()
    #expect(exchange() == [.head(200), .body("a"), .end(reusable: false)])
    #expect(!client.get("/"))
  }

  @Test(
    arguments: [
      Array("HTTP/1.1 200 OK\r\n\r\n".utf8),
      // SETTINGS, and HEADERS on stream 1 whose field has the index 0 (RFC 7541 §6.1: "It MUST be treated as a decoding
      // error if found").
      [0, 0, 0, 4, 0, 0, 0, 0, 0] + [0, 0, 1, 1, 4, 0, 0, 0, 1, 0x80],
    ])
  func `refuses what is not the grammar's`(bytes: [UInt8]) {
    ask("/")
    #expect(events(of: bytes).first == .malformed)
  }
}
