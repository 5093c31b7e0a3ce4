import Testing

@testable import Live

@Suite struct IdentityTests {
  @Test func `a text is kept without white space at its ends`() throws {
    var identity = Identity()
    try identity.set(name: "  Radio Müller <1> ")
    #expect(identity.name == "Radio Müller <1>")
    #expect(identity.description == nil)
  }

  @Test(arguments: ["", " ", "a\u{0}b", "a\r\nicy-br: 1", "a\u{2028}b", "a\u{7F}", String(repeating: "ä", count: 101)])
  func `a name has at most 200 bytes and no character that ends a line`(text: String) {
    var identity = Identity()
    #expect(throws: InvalidInput.Rule.self) { try identity.set(name: text) }
    #expect(throws: InvalidInput.Rule.self) { try identity.set(genre: text) }
    #expect(identity == Identity())
  }

  @Test func `a description may be longer than a name`() throws {
    var identity = Identity()
    try identity.set(description: String(repeating: "a", count: 1000))
    #expect(throws: InvalidInput.Rule.self) { try identity.set(description: String(repeating: "a", count: 1001)) }
  }

  @Test func `a change of direction that is not closed is left out`() throws {
    var identity = Identity()
    try identity.set(name: "a\u{202E}b")
    #expect(identity.name == "ab")
  }

  @Test(arguments: [
    "http://radio.example", "https://radio.example/", "HTTPS://radio.example:8443/a?b=%20#c", "http://[::1]/",
    "https://radio.example?x=http://y",
  ])
  func `a homepage is a URL of http or https`(url: String) throws {
    var identity = Identity()
    try identity.set(homepage: url)
    #expect(identity.homepage == url)
  }

  @Test(arguments: [
    "", "radio.example", "javascript:alert(1)", "data:text/html,x", "ftp://radio.example/", "http://", "https:///a",
    "http://user:secret@radio.example/", "http://radio.example/a b", "http://radio.example/\"><script>",
    "http://radio.example/ä", "//radio.example/", "http:radio.example",
    "http://radio.example/" + String(repeating: "a", count: 500),
  ])
  func `another text is no homepage`(url: String) {
    var identity = Identity()
    #expect(throws: InvalidInput.Rule.self) { try identity.set(homepage: url) }
  }

  @Test func `a text that is missing is that of the station`() throws {
    var (station, stream) = (Identity(), Identity())
    try station.set(name: "Station")
    try station.set(genre: "Jazz")
    try stream.set(name: "Hall")
    let both = stream.completed(by: station)
    #expect((both.name, both.genre, both.homepage) == ("Hall", "Jazz", nil))
  }
}
