import Testing

@testable import ringcast_bench

@Suite struct ResponseReaderTests {
  /// The parts of responses that come in pieces: status, content, and whether the connection may be used again.
  struct Exchange: Equatable {
    var status = 0
    var content = ""
    var isReusable: Bool?
    var isMalformed = false
  }

  private func read(_ text: String, inPiecesOf size: Int, closing: Bool = false) -> [Exchange] {
    var reader = ResponseReader()
    var exchanges: [Exchange] = [Exchange()]
    func note(_ event: ResponseReader.Event) {
      let last = exchanges.count - 1
      switch event {
      case .head(let status): exchanges[last].status = status
      case .body(let bytes): exchanges[last].content += String(decoding: bytes, as: UTF8.self)
      case .end(let isReusable):
        exchanges[last].isReusable = isReusable
        exchanges.append(Exchange())
      case .malformed: exchanges[last].isMalformed = true
      case .reset: Issue.record("HTTP/1.1 cannot break off a response and keep the connection")
      }
    }
    Array(text.utf8).inPieces(of: size) { piece in
      var rest = piece
      while let event = reader.next(&rest) {
        note(event)
        if event == .malformed { return }
      }
    }
    if closing { note(reader.closed()) }
    return exchanges.last == Exchange() ? exchanges.dropLast() : exchanges
  }

  @Test(arguments: [1, 2, 3, 7, 20, 1000])
  func `reads length, chunks and no content, one response after another, in pieces of any size`(size: Int) {
    let text =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
      + "HTTP/1.1 200 OK\r\ntransfer-encoding:chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
      + "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    #expect(
      read(text, inPiecesOf: size) == [
        Exchange(status: 200, content: "hello", isReusable: true),
        Exchange(status: 200, content: "abc0123456789", isReusable: true),
        Exchange(status: 404, content: "", isReusable: false),
      ])
  }

  @Test func `reads to the end of the connection where nothing says how long it is`() {
    #expect(
      read("HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\nsound", inPiecesOf: 9, closing: true) == [
        Exchange(status: 200, content: "sound", isReusable: false)
      ])
  }

  @Test(
    arguments: [
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      "HTTP/1.1 200",
    ])
  func `a connection that closes before the end is an error`(text: String) {
    #expect(read(text, inPiecesOf: 1000, closing: true).last?.isMalformed == true)
  }

  @Test(
    arguments: [
      "HTTQ/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 2x0 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
    ])
  func `refuses what is not the grammar's`(text: String) {
    #expect(read(text, inPiecesOf: 1000).last?.isMalformed == true)
  }
}
