import HTTP
import System
import Testing

@testable import Live

@Suite struct TokenGateTests {
  private let temporary = TemporaryFolder()

  private func admission(_ token: String? = nil, file: String? = nil) throws -> TokenGate {
    var settings = AccessSettings()
    settings.listenToken = token.flatMap { Token($0) }
    if let file {
      try Folder(temporary.path).replace("tokens", Array(file.utf8))
      settings.listenTokenFile = "\(temporary.path)/tokens"
    }
    return try TokenGate(settings)
  }

  private func request(query: String? = nil, _ headers: (String, String)...) -> Request {
    Request(
      method: .get, path: "/live.m3u8", query: query.map { [("x", "1"), ("token", $0)] } ?? [],
      headers: headers.map { (name: $0.0, value: $0.1) })
  }

  @Test func `without tokens everybody may listen, and nothing is carried on`() throws {
    let open = try admission()
    #expect(!open.isClosed)
    #expect(open.pass(for: request(), to: .listen(to: .live)) == TokenGate.Pass())
    #expect(open.pass(for: request(query: "abcdefgh"), to: .listen(to: .live)) == TokenGate.Pass())
  }

  @Test func `a token may come in the query, in a cookie or in Authorization, and is carried on from the query`() throws
  {
    let closed = try admission("abcdefgh")
    #expect(closed.isClosed)
    #expect(
      closed.pass(for: request(query: "abcdefgh"), to: .listen(to: .live)) == TokenGate.Pass(inQuery: Token("abcdefgh"))
    )
    for headers in [
      ("Cookie", "ringcast=abcdefgh"), ("Cookie", "a=b; ringcast=abcdefgh; c=d"), ("Authorization", "Bearer abcdefgh"),
      ("Authorization", "bearer  abcdefgh"),
    ] {
      #expect(closed.pass(for: request(headers), to: .listen(to: .live)) == TokenGate.Pass())
    }
  }

  @Test func `nothing else opens`() throws {
    let closed = try admission("abcdefgh")
    for headers in [
      ("Cookie", "ringcast=abcdefgi"), ("Cookie", "ringcast2=abcdefgh"), ("Cookie", "ringcast"),
      ("Authorization", "Basic abcdefgh"), ("Authorization", "abcdefgh"), ("X-Token", "abcdefgh"), ("Cookie", ""),
    ] {
      #expect(closed.pass(for: request(headers), to: .listen(to: .live)) == nil)
    }
    #expect(closed.pass(for: request(), to: .listen(to: .live)) == nil)
    // The token of the query counts.
    #expect(
      closed.pass(for: request(query: "abcdefgi", ("Cookie", "ringcast=abcdefgh")), to: .listen(to: .live)) == nil)
    #expect(closed.pass(for: request(query: "", ("Cookie", "ringcast=abcdefgh")), to: .listen(to: .live)) == nil)
  }

  @Test func `a file's tokens hold until it is read again, and the flag's token always`() throws {
    let closed = try admission("from-the-flag", file: "from-the-file\nanother-one\n")
    func opens(_ token: String) -> Bool { closed.pass(for: request(query: token), to: .listen(to: .live)) != nil }
    #expect(opens("from-the-flag") && opens("from-the-file") && opens("another-one"))
    try Folder(temporary.path).replace("tokens", Array("another-one\na-new-one\n".utf8))
    #expect(opens("from-the-file") && !opens("a-new-one"))
    try closed.reload()
    #expect(opens("from-the-flag") && !opens("from-the-file") && opens("another-one") && opens("a-new-one"))
  }

  @Test(arguments: [
    ("short\n", "line 1: it must be 8 to 128"), ("# nobody\n", "it must hold a token"),
    (String(repeating: "abcdefgh\n", count: 1001), "it must hold 1000 tokens at the most"),
  ])
  func `a file that is no good is an error, and changes nothing later`(text: String, words: String) throws {
    let error = #expect(throws: InvalidInput.self) { try admission(file: text) }
    #expect(error?.description.hasPrefix("listen-token-file \(temporary.path)/tokens: ") == true)
    #expect(error?.description.contains(words) == true)

    let closed = try admission(file: "abcdefgh")
    try Folder(temporary.path).replace("tokens", Array(text.utf8))
    #expect(throws: InvalidInput.self) { try closed.reload() }
    #expect(closed.pass(for: request(query: "abcdefgh"), to: .listen(to: .live)) != nil)
  }

  @Test func `a file that is not there is an error`() {
    var settings = AccessSettings()
    settings.listenTokenFile = "\(temporary.path)/missing"
    let error = #expect(throws: InvalidInput.self) { try TokenGate(settings) }
    #expect(error?.description.hasSuffix("/missing: No such file or directory (open)") == true)
  }
}
