import Testing

@testable import Live

@Suite struct PodcastFeedTests {
  private func feed(title: String, count: Int = 1) -> String {
    PodcastFeed(
      title: title, description: "d", author: "a", page: "http://h/recordings/",
      url: "http://h/recordings/live.rss?token=a&b",
      picture: "http://h/icon.png",
      items: (0..<count).map { number in
        PodcastFeed.Item(
          id: "live-\(number)", title: title, chapters: ["x < y"], published: 784_111_777, milliseconds: 3_723_900,
          size: 42, url: "http://h/a.mp3?token=a&b")
      }
    ).text
  }

  @Test func `a title is never markup, and no character is one that XML does not have`() {
    let text = feed(title: "<b>&\"'\u{1}\u{FFFF}]]>")
    #expect(text.contains("<title>&lt;b&gt;&amp;&quot;&#39;]]&gt;</title>"))
    #expect(!text.unicodeScalars.contains { $0.value == 1 || $0.value == 0xFFFF })
    #expect(text.contains("token=a&amp;b") && text.contains("x &lt; y"))
  }

  @Test func `an item has its date, its length and its size`() {
    let text = feed(title: "A")
    #expect(text.contains("<pubDate>Sun, 06 Nov 1994 08:49:37 GMT</pubDate>"))
    #expect(text.contains("<itunes:duration>1:02:03</itunes:duration>"))
    #expect(text.contains("length=\"42\" type=\"audio/mpeg\"/>"))
  }

  @Test func `a feed has the newest recordings and no end of them`() {
    let items = feed(title: "A", count: 400).split(separator: "<item>").count - 1
    #expect(items == PodcastFeed.mostItems)
  }
}
