import Core
import HTTP

/// The podcast feed of a stream: the recordings that operators have marked public (RSS 2.0, with the tags of
/// http://www.itunes.com/dtds/podcast-1.0.dtd). Pure.
struct PodcastFeed: Equatable, Sendable {
  /// The most recordings.
  static let mostItems = 300

  /// A recording.
  struct Item: Equatable, Sendable {
    /// Stays the same for ever: a podcast program knows an episode by the id.
    let id: String
    let title: String
    /// Titles of music and marks, in their order.
    let chapters: [String]
    /// Unix time of the end, in seconds.
    let published: Int
    let milliseconds: Int
    /// Bytes.
    let size: Int
    let url: String
  }

  let title: String
  let description: String
  /// The name of the station.
  let author: String
  /// The URL of the page of the recordings, of the feed, and of a picture.
  let page: String
  let url: String
  let picture: String
  /// The newest first.
  let items: [Item]

  var text: String {
    let head = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" "
        + "xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">",
      "<channel>", Self.element("title", title), Self.element("link", page), Self.element("description", description),
      "<atom:link href=\"\(Self.escaped(url))\" rel=\"self\" type=\"application/rss+xml\"/>",
      Self.element("generator", "ringcast"), Self.element("itunes:author", author),
      "<itunes:image href=\"\(Self.escaped(picture))\"/>", Self.element("itunes:type", "episodic"),
    ]
    return (head + items.prefix(Self.mostItems).map(Self.text) + ["</channel>", "</rss>"]).joined(separator: "\n")
      + "\n"
  }

  private static func text(of item: Item) -> String {
    let duration = item.milliseconds / 1000
    let summary = item.chapters.isEmpty ? item.title : item.chapters.joined(separator: "\n")
    return [
      "<item>", element("title", item.title), "<guid isPermaLink=\"false\">\(escaped(item.id))</guid>",
      // RFC 822 §5, with a year of four digits, as an HTTP-date has.
      element("pubDate", HTTPDate.text(item.published)), element("description", summary),
      "<enclosure url=\"\(escaped(item.url))\" length=\"\(item.size)\" type=\"audio/mpeg\"/>",
      element("itunes:title", item.title),
      element("itunes:duration", "\(duration / 3600):\(two(duration / 60 % 60)):\(two(duration % 60))"), "</item>",
    ].joined(separator: "\n")
  }

  private static func element(_ name: String, _ text: String) -> String { "<\(name)>\(escaped(text))</\(name)>" }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// XML 1.0 §2.2 has no characters below a space but tab and line breaks, and neither U+FFFE nor U+FFFF.
  private static func escaped(_ text: String) -> String {
    let allowed = text.unicodeScalars.filter { scalar in
      scalar.value >= 0x20 || scalar == "\t" || scalar == "\n" || scalar == "\r"
    }.filter { $0.value != 0xFFFE && $0.value != 0xFFFF }
    return PageHead.escaped(String(String.UnicodeScalarView(allowed)))
  }
}
