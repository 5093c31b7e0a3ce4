import Testing

@testable import Live

@Suite struct WebhookMessageTests {
  private func message(
    _ format: WebhookFormat, _ url: String = "https://a.example/topic?auth=x", reason: String,
    station: String = "ringcast"
  ) -> WebhookMessage {
    WebhookMessage(
      SampleEvents.event(.sourceLost(reason: reason)), to: Webhook(url: WebhookURL(url)!, format: format),
      station: station)
  }

  @Test func `markup, mentions and links of a text are plain in Discord`() {
    let message = message(.discord, reason: "*a* `b` <@1> @everyone https://c.example", station: "a_b")
    #expect(
      message.body
        == #"{"content":"**a\\_b**: The source of the stream live is lost\\: \\*a\\* \\`b\\` \\<\\@1\\> \\@everyone "#
        + #"https\\://c.example.","allowed_mentions":{"parse":[]}}"#)
    #expect(message.url == "https://a.example/topic?auth=x")
  }

  @Test func `Slack's three characters are escaped, and its markup is off`() {
    #expect(
      message(.slack, reason: "<!channel> & *b*", station: "a & b").body
        == #"{"text":"a &amp; b: The source of the stream live is lost: &lt;!channel&gt; &amp; *b*.","mrkdwn":false}"#)
  }

  @Test func `ntfy gets the topic in the body, at the root of the server, and alarms have a high priority`() {
    let alarm = message(.ntfy, reason: "x\ny")
    #expect(alarm.url == "https://a.example/?auth=x")
    #expect(
      alarm.body
        == #"{"topic":"topic","title":"ringcast","message":"The source of the stream live is lost: x\u000ay.","#
        + #""priority":4,"tags":["warning","source_lost"]}"#)
    let end = WebhookMessage(
      SampleEvents.event(.sourceBack(after: .seconds(3))),
      to: Webhook(url: WebhookURL("http://127.0.0.1:80/t")!, format: .ntfy), station: "ringcast")
    #expect(end.url == "http://127.0.0.1:80/")
    #expect(end.body.hasSuffix(#""priority":3,"tags":["radio","source_back"]}"#))
  }

  @Test func `the longest text is short enough for Discord, also if each character is escaped`() {
    let message = message(.discord, reason: String(repeating: "*", count: 5000))
    #expect(message.body.count < 2000)
  }
}
