import Testing

@testable import Live

@Suite struct PageHeadTests {
  private let page = """
    <!doctype html>
    <html lang="en">
    <head>
      <meta charset="utf-8">
      <title>Rooms · ringcast</title>
      <meta name="description" content="Rooms &amp; people.">
    </head>
    <body><h1>ringcast</h1></body>
    </html>
    """

  @Test func `the names stand in the place of the title and of the description`() {
    let head = PageHead(
      title: "Hall · Radio", linkTitle: "Hall", site: "Radio", description: "Sound", stream: .live)
    #expect(
      head.applied(to: page) == """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <title>Hall · Radio</title>
          <meta property="og:type" content="website">
          <meta property="og:title" content="Hall">
          <meta property="og:site_name" content="Radio">
          <meta name="description" content="Sound">
          <meta property="og:description" content="Sound">
          <meta name="ringcast-stream" content="live">
        </head>
        <body><h1>ringcast</h1></body>
        </html>
        """)
  }

  @Test func `a page with a title of its own keeps it, and its description`() {
    let text = PageHead(site: "Radio", description: nil).applied(to: page)
    #expect(text.contains("<title>Rooms · Radio</title>"))
    #expect(text.contains("<meta property=\"og:title\" content=\"Rooms · Radio\">"))
    #expect(text.contains("<meta property=\"og:description\" content=\"Rooms &amp; people.\">"))
    #expect(!text.contains("ringcast-stream"))
    #expect(text.contains("<h1>ringcast</h1>"))
  }

  @Test(arguments: [
    "</title><script>alert(1)</script>", "\"><script>alert(1)</script>", "' onload='alert(1)", "&lt;script&gt;",
    "<\u{301}script>", "</title\u{301}>", "<!--", "]]>", "\u{301}\"x",
  ])
  func `markup in a text stays text`(text: String) {
    let head = PageHead(title: text, linkTitle: text, site: text, description: text)
    let result = head.applied(to: page)
    let plain = PageHead(title: "x", linkTitle: "x", site: "x", description: "x").applied(to: page)
    for byte in "<>\"'".utf8 {
      #expect(result.utf8.count(where: { $0 == byte }) == plain.utf8.count(where: { $0 == byte }))
    }
    let named = PageHead(site: text, description: text).applied(to: page)
    for byte in "<>\"'".utf8 {
      #expect(named.utf8.count(where: { $0 == byte }) == plain.utf8.count(where: { $0 == byte }))
    }
    for rest in PageHead.escaped(text).utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
      .dropFirst()
    {
      #expect(["amp;", "lt;", "gt;", "quot;", "#39;"].contains { rest.starts(with: $0.utf8) })
    }
  }

  @Test(arguments: ["", "<p>", "<title>open", "plain"])
  func `a page without a head stays as it is`(html: String) {
    #expect(PageHead(title: "a", site: "b", description: "c").applied(to: html) == html)
  }

  @Test func `a head without a title gets one`() {
    #expect(PageHead(title: "a", site: "b").applied(to: "<head></head>").hasPrefix("<head><title>a</title>"))
  }
}
