import HTTP
import Testing

@testable import Live

@Suite struct EndlessLinkTests {
  private func response(
    _ link: EndlessLink, host: String?, method: Request.Method = .get, token: Token? = nil, isSecure: Bool = false
  ) -> Response {
    let headers = host.map { [(name: "Host", value: $0)] } ?? []
    let request = Request(method: method, path: "/live.\(link.rawValue)", headers: headers)
    return link.response(to: request, for: .live, token: token, isSecure: isSecure, .everybody)
  }

  private func text(_ response: Response) -> String { String(decoding: response.content, as: UTF8.self) }

  @Test(arguments: [
    ("radio.example", false, "http://radio.example/live.mp3"),
    ("radio.example:8000", true, "https://radio.example:8000/live.mp3"),
    ("[fd00::5]:80", false, "http://[fd00::5]:80/live.mp3"),
    // No host, or none that may stand in a URL, or that of a proxy's connection.
    (nil, true, "live.mp3"), ("localhost", false, "live.mp3"), ("127.0.0.1:8080", false, "live.mp3"),
    ("[::1]:80", false, "live.mp3"), ("a b", false, "live.mp3"), ("radio.example/x?", false, "live.mp3"),
  ])
  func `the file has the URL of the endless stream, on the host of the request`(
    host: String?, isSecure: Bool, url: String
  ) {
    let m3u = response(.m3u, host: host, isSecure: isSecure)
    #expect(m3u.status == 200 && text(m3u) == "\(url)\r\n")
    #expect(m3u.header("Content-Type") == "audio/x-mpegurl" && m3u.header("Cache-Control") == "no-store")
    let pls = response(.pls, host: host, isSecure: isSecure)
    #expect(pls.header("Content-Type") == "audio/x-scpls")
    #expect(
      text(pls)
        == "[playlist]\r\nNumberOfEntries=1\r\nFile1=\(url)\r\nTitle1=live\r\nLength1=-1\r\nVersion=2\r\n")
  }

  @Test func `a token of the query goes on in the URL`() throws {
    let token = try #require(Token("swordfish-and-chips"))
    #expect(
      text(response(.m3u, host: "radio.example", token: token))
        == "http://radio.example/live.mp3?token=swordfish-and-chips\r\n")
  }

  @Test func `it is only read`() {
    #expect(response(.m3u, host: "a", method: .put).status == 405)
    #expect(response(.pls, host: "a", method: .options).status == 204)
  }
}
