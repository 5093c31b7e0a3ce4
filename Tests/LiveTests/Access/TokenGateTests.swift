import Glibc
import HTTP
import Logging
import System
import Testing

@testable import Live

@Suite struct TokenGateTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)

  private func admission(_ token: String? = nil, file: String? = nil) throws -> TokenGate {
    var settings = AccessSettings()
    settings.listenToken = token.flatMap { Token($0) }
    if let file {
      try Folder(temporary.path).replace("tokens", Array(file.utf8))
      settings.listenTokenFile = "\(temporary.path)/tokens"
    }
    return try TokenGate(settings, log: log)
  }

  private func request(query: String? = nil, _ headers: (String, String)...) -> Request {
    Request(
      method: .get, path: "/live.m3u8", query: query.map { [("x", "1"), ("token", $0)] } ?? [],
      headers: headers.map { (name: $0.0, value: $0.1) })
  }

  @Test func `without tokens everybody may listen, and nothing is carried on`() throws {
    let open = try admission()
    #expect(!open.isClosed)
    #expect(open.pass(for: request(), to: .listen(to: .live), port: 8080) == TokenGate.Pass())
    #expect(open.pass(for: request(query: "abcdefgh"), to: .listen(to: .live), port: 8080) == TokenGate.Pass())
  }

  @Test func `a token may come in the query, in a cookie or in Authorization, and is carried on from the query`() throws
  {
    let closed = try admission("abcdefgh")
    #expect(closed.isClosed)
    #expect(
      closed.pass(for: request(query: "abcdefgh"), to: .listen(to: .live), port: 8080)
        == TokenGate.Pass(inQuery: Token("abcdefgh"))
    )
    for headers in [
      ("Cookie", "ringcast=abcdefgh"), ("Cookie", "a=b; ringcast=abcdefgh; c=d"), ("Authorization", "Bearer abcdefgh"),
      ("Authorization", "bearer  abcdefgh"),
      // The port is in the name of the cookie, and the prefix in that of a secure one.
      ("Cookie", "ringcast-8080=abcdefgh"), ("Cookie", "__Host-ringcast-8080=abcdefgh"),
      // A token in the place of the password, and of the user (RFC 7617).
      ("Authorization", "Basic cmFkaW86YWJjZGVmZ2g="), ("Authorization", "Basic YWJjZGVmZ2g6"),
    ] {
      #expect(closed.pass(for: request(headers), to: .listen(to: .live), port: 8080) == TokenGate.Pass())
    }
  }

  @Test func `nothing else opens`() throws {
    let closed = try admission("abcdefgh")
    for headers in [
      ("Cookie", "ringcast=abcdefgi"), ("Cookie", "ringcast2=abcdefgh"), ("Cookie", "ringcast"),
      ("Authorization", "Basic abcdefgh"), ("Authorization", "abcdefgh"), ("X-Token", "abcdefgh"), ("Cookie", ""),
      ("Cookie", "ringcast-8081=abcdefgh"), ("Cookie", "__Host-ringcast=abcdefgh"),
      ("Cookie", "ringcast-admin-8080=abcdefgh"), ("Authorization", "Basic cmFkaW86YWJjZGVmZ2k="),
    ] {
      #expect(closed.pass(for: request(headers), to: .listen(to: .live), port: 8080) == nil)
    }
    #expect(closed.pass(for: request(), to: .listen(to: .live), port: 8080) == nil)
    // The token of the query counts.
    #expect(
      closed.pass(for: request(query: "abcdefgi", ("Cookie", "ringcast=abcdefgh")), to: .listen(to: .live), port: 8080)
        == nil)
    #expect(
      closed.pass(for: request(query: "", ("Cookie", "ringcast=abcdefgh")), to: .listen(to: .live), port: 8080) == nil)
  }

  @Test(arguments: [
    [("Cookie", "ringcast=12345678; ringcast-8080=abcdefgh")],
    [("Cookie", "ringcast-8080=abcdefgh; ringcast=12345678")],
    [("Cookie", "ringcast-8080=12345678; ringcast-8080=abcdefgh")],
    [("Cookie", "__Host-ringcast-8080=12345678; ringcast-8080=abcdefgh")],
    [("Authorization", "Basic cmFkaW86MTIzNDU2Nzg="), ("Cookie", "ringcast-8080=abcdefgh")],
    [("Authorization", "Bearer abcdefgh"), ("Cookie", "ringcast-8080=12345678")],
  ])
  func `one good token of several is enough`(headers: [(String, String)]) throws {
    let request = Request(method: .get, path: "/live.m3u8", headers: headers.map { (name: $0.0, value: $0.1) })
    #expect(try admission("abcdefgh").pass(for: request, to: .listen(to: .live), port: 8080) == TokenGate.Pass())
  }

  @Test func `not every cookie of a thousand is compared`() throws {
    let many = String(repeating: "ringcast=12345678; ", count: 1000) + "ringcast=abcdefgh"
    #expect(
      try admission("abcdefgh").pass(for: request(("Cookie", many)), to: .listen(to: .live), port: 8080) == nil)
  }

  @Test
  func `a browser keeps the token in a cookie of the port, and where the connection is secure for this host only`()
    throws
  {
    let gate = try admission("abcdefgh")
    let pass = TokenGate.Pass(inQuery: Token("abcdefgh"))
    func cookie(_ client: Client) -> [String] {
      gate.keeping(pass, for: Request(method: .get, path: "/live.json", client: client), port: 8080).map(\.value)
    }
    #expect(
      cookie(Client()) == ["ringcast-8080=abcdefgh; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"])
    #expect(
      cookie(Client(isSecure: true)) == [
        "__Host-ringcast-8080=abcdefgh; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure"
      ])
    #expect(gate.keeping(TokenGate.Pass(), for: request(), port: 8080).isEmpty)
  }

  @Test func `a file that every user may write is an error, and one that every user may read gets a warning`() throws {
    let log = Log(level: .warning)
    var settings = AccessSettings()
    settings.listenTokenFile = "\(temporary.path)/tokens"
    try Folder(temporary.path).replace("tokens", Array("abcdefgh\n".utf8))
    for (mode, isRefused, warnings) in [(0o640, false, 0), (0o660, false, 0), (0o644, false, 1), (0o666, true, 1)] {
      chmod("\(temporary.path)/tokens", mode_t(mode))
      let before = log.tail.entries.count
      if isRefused {
        let error = #expect(throws: InvalidInput.self) { try TokenGate(settings, log: log) }
        #expect(error?.description.contains("every user may write this file") == true)
      } else {
        _ = try TokenGate(settings, log: log)
        #expect(log.tail.entries.count - before == warnings)
      }
    }
  }

  @Test func `a file's tokens hold until it is read again, and the flag's token always`() throws {
    let closed = try admission("from-the-flag", file: "from-the-file\nanother-one\n")
    func opens(_ token: String) -> Bool {
      closed.pass(for: request(query: token), to: .listen(to: .live), port: 8080) != nil
    }
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
    #expect(closed.pass(for: request(query: "abcdefgh"), to: .listen(to: .live), port: 8080) != nil)
  }

  @Test func `a file that is not there is an error`() {
    var settings = AccessSettings()
    settings.listenTokenFile = "\(temporary.path)/missing"
    let error = #expect(throws: InvalidInput.self) { try TokenGate(settings, log: log) }
    #expect(error?.description.hasSuffix("/missing: No such file or directory (open)") == true)
  }
}
