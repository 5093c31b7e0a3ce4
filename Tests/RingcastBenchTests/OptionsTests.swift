import Testing

@testable import ringcast_bench

@Suite struct OptionsTests {
  @Test func `reads every option`() throws {
    let line =
      "listen --url https://127.0.0.1:80/a/b --http 2 --mode low-latency --stream s --listeners 5 --ramp 0 --seconds 7 --cushion 9 "
      + "--watch 12,34"
    let options = try #require(try Options.parse(line.split(separator: " ").map(String.init)))
    var expected = Options()
    expected.url = URL(address: "127.0.0.1", port: 80, path: "/a/b", isSecure: true)
    expected.version = .http2
    (expected.mode, expected.stream, expected.listeners) = (.lowLatency, "s", 5)
    (expected.ramp, expected.seconds, expected.cushion, expected.watched) = (0, 7, 9, [12, 34])
    #expect(options == expected)
  }

  @Test(
    arguments: [
      ("", "the first word must be listen; see --help"),
      ("listen --mode plain", "--url: it is needed; see --help"),
      ("listen --url", "--url: it needs a value; see --help"),
      (
        "listen --url http://localhost:80/",
        "--url http://localhost:80/: it must be http://ADDRESS:PORT/PATH or https://…, with an IPv4 address"
      ),
      ("listen --http 3", "--http 3: it must be one of 1.1, 2"),
      ("listen --mode plain --url http://127.0.0.1:80/ --http 2", "--http 2: it needs an https URL"),
      ("listen --mode fast", "--mode fast: it must be one of plain, hls, low-latency, growing, endless, events"),
      ("listen --listeners 0", "--listeners 0: it must be a whole number from 1 to 100000"),
      ("listen --watch 1,x", "--watch 1,x: it must be a whole number from 1 to 4194304"),
      ("listen --fast yes", "--fast yes: there is no such option; see --help"),
    ])
  func `names the flag, the value and the rule`(line: String, message: String) {
    let mistake = #expect(throws: Options.Mistake.self) {
      try Options.parse(line.split(separator: " ").map(String.init))
    }
    #expect(mistake?.description == message)
  }

  @Test func `a URL says whether the connection is encrypted`() {
    #expect(
      URL("https://127.0.0.1:8443/live.mp3")
        == URL(address: "127.0.0.1", port: 8443, path: "/live.mp3", isSecure: true))
    #expect(URL("http://127.0.0.1:8080/")?.isSecure == false)
    #expect(URL("ftp://127.0.0.1:8080/") == nil)
  }

  @Test(
    arguments: [
      ("live/1.mp3", "/live.m3u8", "/live/1.mp3"), ("1.mp3", "/radio/live.m3u8", "/radio/1.mp3"),
      ("/x/1.mp3", "/radio/live.m3u8", "/x/1.mp3"),
    ])
  func `resolves a reference beside a path`(reference: String, path: String, expected: String) {
    #expect(URL.resolve(reference, beside: path) == expected)
  }
}
