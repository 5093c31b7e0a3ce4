import Testing

@testable import Live

@Suite struct ICEServerURLTests {
  /// RFC 7064 §3.1, RFC 7065 §3.1
  @Test(arguments: [
    ("stun:stun.example", false), ("stun:192.0.2.1:3478", false), ("stuns:stun.example:5349", false),
    ("turn:turn.example", true), ("turn:[2001:db8::1]:3478", true), ("turns:turn.example:443?transport=tcp", true),
    ("turn:turn.example?transport=udp", true),
  ])
  func `a server has a scheme, a host, and perhaps a port`(url: String, isRelay: Bool) throws {
    let server = try #require(ICEServerURL(url))
    #expect(server.url == url && server.isRelay == isRelay)
  }

  @Test(arguments: [
    "", "stun", "stun:", "http://stun.example", "stun://stun.example", "turn:a b", "stun:a:0", "stun:a:70000",
    "stun:a:",
    "stun:[::1", "turn:a?transport=sctp", "stun:a?transport=udp", "turn:user@a", "TURN:a",
  ])
  func `another text is refused`(url: String) {
    #expect(ICEServerURL(url) == nil)
  }
}
