import Testing

@testable import Live

@Suite struct StreamNameTests {
  @Test(arguments: ["live", "hall", "7", "a-b_c", "studio-2", "llama", "status2", String(repeating: "x", count: 64)])
  func `a name is letters, digits, hyphens and underscores`(text: String) throws {
    #expect(try StreamName(text).text == text)
  }

  @Test(arguments: [
    "", "Hall", "a.b", "-a", "_a", "a b", "a/b", "ä", "..", "a%20b", String(repeating: "x", count: 65),
  ])
  func `anything else is refused with the value and the rule`(text: String) {
    let error = #expect(throws: InvalidInput.self) { try StreamName(text) }
    #expect(error?.description.hasPrefix("stream \(text): its name must be 1 to 64 of a to z") == true)
  }

  @Test(arguments: [
    "status", "metrics", "admin", "station", "rooms", "studio", "record", "recordings", "upload-audio", "api", "js",
    "operators", "worklet", "style", "icon", "index", "ringcast",
  ])
  func `the program's own words are refused`(text: String) {
    let error = #expect(throws: InvalidInput.self) { try StreamName(text) }
    #expect(error?.description.hasPrefix("stream \(text): its name must be none of the program's own: ") == true)
  }

  @Test(arguments: ["live-ll", "a-ll"])
  func `the mark of low-latency playlists is refused`(text: String) {
    let error = #expect(throws: InvalidInput.self) { try StreamName(text) }
    #expect(error?.description == "stream \(text): its name must not end in -ll, the mark of low-latency playlists")
  }
}
