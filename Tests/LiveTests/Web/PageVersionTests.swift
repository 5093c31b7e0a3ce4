import Testing

@testable import Live

@Suite struct PageVersionTests {
  private func version(_ files: [String: String]) -> PageVersion {
    PageVersion(of: files.map { ($0.key, Array($0.value.utf8)) })
  }

  private let files = ["/js/a.js": "1", "/style.css": "2", "/index.html": "3", "/icon.png": "4"]

  @Test func `the version changes with each script and style sheet, and with nothing else`() {
    let before = version(files)
    for (path, isOther) in [("/js/a.js", true), ("/style.css", true), ("/index.html", false), ("/icon.png", false)] {
      #expect((version(files.merging([path: "other"]) { $1 }) != before) == isOther, "\(path)")
    }
    #expect(version(files.merging(["/js/b.js": ""]) { $1 }) != before)
    #expect(version(["/a.js": "12", "/b.js": ""]) != version(["/a.js": "1", "/b.js": "2"]))
  }

  @Test(arguments: [
    ("/index.html", "<link href=\"style.css\">", "<link href=\"VERSION/style.css\">"),
    (
      "/index.html", "<script src=\"js/a.js\"></script><a href=\"./\">",
      "<script src=\"VERSION/js/a.js\"></script><a href=\"./\">"
    ),
    ("/rooms/room.html", "<link href=\"../style.css\">", "<link href=\"../VERSION/style.css\">"),
    ("/index.html", "<link href=\"none.css\"><img src=\"icon.png\">", "<link href=\"none.css\"><img src=\"icon.png\">"),
    (
      "/index.html", "<link href=\"/style.css\"><link href=\"../style.css\">",
      "<link href=\"/style.css\"><link href=\"../style.css\">"
    ),
    (
      "/index.html", "<link href=\"https://x/style.css\"><link href=\"",
      "<link href=\"https://x/style.css\"><link href=\""
    ),
    ("/index.html", "no address", "no address"),
  ])
  func `a page names the files of the version`(path: String, html: String, expected: String) {
    let version = version(files)
    let found = version.applied(to: html, at: path) { files[$0] != nil }
    #expect(found == expected.replacing("VERSION", with: version.folder))
  }

  @Test func `the folder of a version is told from other folders`() {
    let version = version(files)
    #expect(version.folder.utf8.count == 21)
    #expect(version.isFolder(of: "/\(version.folder)/js/a.js"))
    #expect(PageVersion.plainPath(of: "/\(version.folder)/js/a.js") == "/js/a.js")
    #expect(PageVersion.plainPath(of: "/page-0123456789abcdef/a.js") == "/a.js")
    #expect(!version.isFolder(of: "/page-0123456789abcdef/a.js"))
    for path in [
      "/js/a.js", "/page-0123456789abcde/a.js", "/page-0123456789abcdeF/a.js", "/page-0123456789abcdef", "/page-",
    ] {
      #expect(PageVersion.plainPath(of: path) == nil, "\(path)")
    }
  }
}
