import Core
import HTTP
import System
import Testing

@testable import Live

@Suite struct StationPagesTests {
  private let temporary = TemporaryFolder()

  private func pages(
    streams names: [String], isPrivate: Bool = false, hasStationPage: Bool = true, of stream: String? = nil
  ) throws -> StationPages {
    let folder = Folder(temporary.path)
    try folder.replace("index.html", Array("<head><title>ringcast</title></head>player".utf8))
    if hasStationPage {
      try folder.replace(
        "station.html", Array("<head><title>ringcast</title></head><ul class=\"links\"></ul>station".utf8))
    }
    try folder.replace("status.html", Array("<head><title>ringcast · status</title></head>".utf8))
    try folder.replace("ringcast.webmanifest", Array(#"{"name":"ringcast","short_name":"r","start_url":"."}"#.utf8))
    try folder.replace("style.css", Array("ringcast {}".utf8))
    var settings = StationSettings()
    try settings.identity.set(name: "Radio <1>")
    settings.streams = try names.map { name in
      var settings = StreamSettings()
      settings.name = try StreamName(name)
      if name == stream { try settings.identity.set(name: "The \"Hall\"") }
      return settings
    }
    return StationPages(try StaticFiles(directory: temporary.path), settings, try Faces(settings), isPrivate: isPrivate)
  }

  private func text(_ representation: Representation?) throws -> String {
    let response = try #require(representation).response(to: Request(method: .get, path: "/"))
    return String(decoding: response.content, as: UTF8.self)
  }

  @Test func `the page of one stream has the name of the station`() throws {
    let pages = try pages(streams: ["live"])
    for page in [
      pages.front(of: nil, at: .unknown, seesNames: true), pages.player(of: .live, at: .unknown),
      pages.front(of: "live", at: .unknown, seesNames: true),
    ] {
      let page = try text(page)
      #expect(page.contains("<title>Radio &lt;1&gt;</title>"))
      #expect(page.contains("<meta name=\"ringcast-stream\" content=\"live\">"))
      #expect(page.hasSuffix("player"))
    }
  }

  @Test func `several streams have a page of the station and a player each`() throws {
    let pages = try pages(streams: ["hall", "studio-2"], of: "hall")
    let front = try text(pages.front(of: nil, at: .unknown, seesNames: true))
    #expect(front.hasSuffix("station") && !front.contains("ringcast-stream"))
    let hall = try text(pages.player(of: try StreamName("hall"), at: .unknown))
    #expect(hall.contains("<title>The &quot;Hall&quot; · Radio &lt;1&gt;</title>"))
    #expect(hall.contains("<meta property=\"og:title\" content=\"The &quot;Hall&quot;\">"))
    #expect(hall.contains("<meta property=\"og:site_name\" content=\"Radio &lt;1&gt;\">"))
    #expect(
      try text(pages.front(of: "studio-2", at: .unknown, seesNames: true)).contains(
        "<title>studio-2 · Radio &lt;1&gt;</title>"))
    #expect(pages.player(of: .live, at: .unknown) == nil)
  }

  @Test func `a browser without JavaScript gets links to the streams`() throws {
    let pages = try pages(streams: ["hall", "studio-2"], of: "hall")
    #expect(
      try text(pages.front(of: nil, at: .unknown, seesNames: true)).contains(
        "<ul class=\"links\"><li>The &quot;Hall&quot;: <a href=\"hall.m3u8\">HLS</a>, <a href=\"hall.mp3\">MP3</a></li>"
          + "<li>studio-2: <a href=\"studio-2.m3u8\">HLS</a>, <a href=\"studio-2.mp3\">MP3</a></li></ul>"))
    #expect(try text(pages.front(of: nil, at: .unknown, seesNames: false)).contains("<ul class=\"links\"></ul>"))
  }

  @Test func `without a page of the station the first stream's player is in front`() throws {
    let pages = try pages(streams: ["hall", "studio-2"], hasStationPage: false)
    #expect(try text(pages.front(of: nil, at: .unknown, seesNames: true)).contains("content=\"hall\""))
  }

  @Test func `who may not see the names gets the files as they are`() throws {
    let pages = try pages(streams: ["hall", "studio-2"], isPrivate: true)
    for page in [
      pages.front(of: nil, at: .unknown, seesNames: false), pages.front(of: "hall", at: .unknown, seesNames: false),
      pages.front(of: "tower", at: .unknown, seesNames: true),
      pages.file("/index.html", at: .unknown, seesNames: false),
      pages.file("/status.html", at: .unknown, seesNames: false),
      pages.file("/ringcast.webmanifest", at: .unknown, seesNames: false),
    ] {
      let page = try text(page)
      #expect(!page.contains("Radio") && !page.contains("ringcast-stream") && page.contains("ringcast"))
    }
  }

  @Test(arguments: [
    (false, true, "public, max-age=0, s-maxage=10"), (false, false, "public, max-age=0, s-maxage=10"),
    (true, true, "public, max-age=0, s-maxage=10"), (true, false, "private, no-cache"),
  ])
  func `no shared cache keeps a page without names where others have the names`(
    isPrivate: Bool, seesNames: Bool, control: String
  ) throws {
    let page = try #require(
      pages(streams: ["hall"], isPrivate: isPrivate).front(of: nil, at: .unknown, seesNames: seesNames))
    #expect(page.response(to: Request(method: .get, path: "/")).header("Cache-Control") == control)
  }

  @Test func `a page with names is compressed and has an entity tag of its own`() throws {
    let pages = try pages(streams: ["live"])
    let (named, plain) = (pages.front(of: nil, at: .unknown, seesNames: true), pages.plain.file("/"))
    let encoding = (name: "Accept-Encoding", value: "gzip")
    let request = Request(method: .get, path: "/", headers: [encoding])
    let answer = try #require(named).response(to: request)
    #expect(answer.header("Content-Encoding") == "gzip")
    #expect(answer.header("ETag") != plain?.response(to: request).header("ETag"))
    let tag = (name: "If-None-Match", value: try #require(answer.header("ETag")))
    let again = Request(method: .get, path: "/", headers: [encoding, tag])
    #expect(try #require(named).response(to: again).status == 304)
  }

  @Test func `the wordmark of a page in a folder has the name of the station`() throws {
    let folder = Folder("\(temporary.path)/rooms")
    try folder.create()
    try folder.replace("list.html", Array("<head></head><p class=\"wordmark\"><b>ringcast</b></p><p>ringcast</p>".utf8))
    let pages = try pages(streams: ["live"])
    let page = try text(pages.file("/rooms/list.html", at: .unknown, seesNames: true))
    #expect(page.hasSuffix("<p class=\"wordmark\"><b>Radio &lt;1&gt;</b></p><p>ringcast</p>"))
    #expect(try text(pages.plain.file("/rooms/list.html")).contains("<b>ringcast</b>"))
  }

  @Test func `other pages and the manifest have the name of the station`() throws {
    let pages = try pages(streams: ["live"])
    #expect(
      try text(pages.file("/status.html", at: .unknown, seesNames: true)).contains(
        "<title>Radio &lt;1&gt; · status</title>"))
    let manifest = try text(pages.file("/ringcast.webmanifest", at: .unknown, seesNames: true))
    #expect(manifest == #"{"name":"Radio <1>","short_name":"Radio <1>","start_url":"."}"#)
    #expect(try text(pages.file("/style.css", at: .unknown, seesNames: true)) == "ringcast {}")
  }
}
