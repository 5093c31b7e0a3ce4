import Testing

@testable import Live

@Suite struct WebhookURLTests {
  @Test(arguments: [
    ("https://discord.com/api/webhooks/1/secret", "https://discord.com", "discord.com"),
    ("http://127.0.0.1:9000/x?y=z", "http://127.0.0.1:9000", "127.0.0.1"),
    ("HTTPS://A.example", "https://a.example", "a.example"), ("https://[::1]:1/", "https://[::1]:1", "::1"),
    ("https://a.example:443/%41", "https://a.example", "a.example"),
  ])
  func `a text of a URL shows no more than its origin`(text: String, origin: String, host: String) throws {
    let url = try #require(WebhookURL(text))
    #expect(url.text == text && "\(url)" == origin && url.host == host)
  }

  @Test(arguments: [
    "", "a.example/x", "ftp://a.example/", "file:///etc/passwd", "https://", "https:///x", "https://user@a.example/",
    "https://user:password@a.example/", "https://a.example/#x", "https://a.example/a b", "https://a.example/\r\nx",
    "https://a.example/ä", "https://a.example?x", "https://a.example:x/", "https://a.example\\x",
    "https://a.example/" + String(repeating: "a", count: 2048),
  ])
  func `another text is refused`(text: String) {
    #expect(WebhookURL(text) == nil)
  }

  @Test(arguments: [
    ("https://ntfy.sh/my-Topic_1", "https://ntfy.sh/", "my-Topic_1"),
    ("http://a.example:80/t?auth=a/b", "http://a.example:80/?auth=a/b", "t"),
  ])
  func `a topic of ntfy is the path`(text: String, server: String, name: String) throws {
    let url = try #require(WebhookURL(text))
    let topic = try #require(url.topic)
    #expect(topic.server == server && topic.name == name)
  }

  @Test(arguments: [
    "https://a.example", "https://a.example/", "https://a.example/a/b", "https://a.example/a%20b",
    "https://a.example/?t", "https://a.example/" + String(repeating: "a", count: 65),
  ])
  func `another path is no topic`(text: String) throws {
    #expect(try #require(WebhookURL(text)).topic == nil)
  }
}
