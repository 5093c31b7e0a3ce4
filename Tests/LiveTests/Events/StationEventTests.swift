import Core
import System
import Testing

@testable import Live

@Suite struct StationEventTests {
  /// The blocks of JSON in the document, without white space.
  private func documented() throws -> [String] {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let document = String(decoding: try Folder("/" + root).read("docs/webhooks.md"), as: UTF8.self)
    return try document.components(separatedBy: "```json\n").dropFirst().map { block in
      try JSON(Array(block.prefix { $0 != "`" }.utf8)).text
    }
  }

  @Test func `the document has an example of each event and of each format, as they are sent`() throws {
    let formats: [(WebhookFormat, String)] = [
      (.discord, "https://a.example/x"), (.slack, "https://a.example/x"), (.ntfy, "https://a.example/TOPIC"),
    ]
    let bodies =
      SampleEvents.all.map { $0.json(station: "ringcast").text }
      + formats.map { format, url in
        WebhookMessage(
          SampleEvents.sourceLost, to: Webhook(url: WebhookURL(url)!, format: format), station: "ringcast"
        ).body
      }
    #expect(try documented() == bodies)
  }

  @Test func `a reason is cut to 300 characters`() {
    let event = SampleEvents.event(.sourceLost(reason: String(repeating: "a", count: 5000)))
    #expect(event.text == "The source of the stream live is lost: \(String(repeating: "a", count: 300))….")
    #expect(event.json(station: "ringcast").text.utf8.count < 1000)
  }

  @Test(arguments: [
    (0, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172_799, "47 h"),
    (172_800, "2 days"),
  ])
  func `people read a span in one unit`(seconds: Int, words: String) {
    #expect(
      SampleEvents.event(.stopped(uptime: .seconds(seconds)), of: nil).text == "The station stops after \(words).")
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    var (rest, parts) = (self[...], [Substring]())
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}
