import HTTP
import System
import Testing

@testable import Live

@Suite struct StaticFilesTests {
  private let temporary = TemporaryFolder()

  @Test func `every file below the folder is served under its path, hidden ones are not`() throws {
    try Folder("\(temporary.path)/js").create()
    try Folder(temporary.path).replace("index.html", Array("<p>".utf8))
    try Folder(temporary.path).replace(".secret", [1])
    try Folder("\(temporary.path)/js").replace("main.js", Array("1".utf8))
    let files = try StaticFiles(directory: temporary.path)
    for path in ["/", "/index.html", "/js/main.js"] { #expect(files.file(path) != nil) }
    for path in ["", "/js", "/js/", "/.secret", "/../etc/passwd", "/main.js"] { #expect(files.file(path) == nil) }
    let response = try #require(files.file("/js/main.js")).response(to: Request(method: .get, path: "/js/main.js"))
    #expect(response.header("Content-Type") == "text/javascript; charset=utf-8")
    #expect(response.header("Cache-Control") == "public, max-age=0, s-maxage=10")
  }

  @Test func `the scripts that a page names are kept for ever, and those of another version are asked for anew`() throws
  {
    try Folder("\(temporary.path)/js").create()
    try Folder(temporary.path).replace("index.html", Array("<script src=\"js/main.js\">".utf8))
    try Folder("\(temporary.path)/js").replace("main.js", Array("1".utf8))
    let files = try StaticFiles(directory: temporary.path)
    func response(_ path: String) throws -> Response {
      try #require(files.file(path)).response(to: Request(method: .get, path: path))
    }
    let page = String(decoding: try response("/").content, as: UTF8.self)
    let address = "/" + page.split(separator: "\"")[1]
    #expect(try response(address).header("Cache-Control") == "public, max-age=31536000, immutable")
    #expect(try response(address).content == Array("1".utf8))
    for other in ["/page-0123456789abcdef/js/main.js", "/js/main.js"] {
      #expect(try response(other).header("Cache-Control") == "public, max-age=0, s-maxage=10")
      #expect(try response(other).header("ETag") == response(address).header("ETag"))
    }
    #expect(files.file("/page-0123456789abcdef/index.html") == nil && files.file(address + "x") == nil)
  }

  @Test func `the rooms' pages may use the camera, and no other site embeds them`() throws {
    try Folder("\(temporary.path)/rooms").create()
    try Folder(temporary.path).replace("index.html", Array("<p>".utf8))
    try Folder("\(temporary.path)/rooms").replace("room.html", Array("<p>".utf8))
    let files = try StaticFiles(directory: temporary.path)
    for (path, devices, ancestors) in [("/", "camera=()", "*"), ("/rooms/room.html", "camera=(self)", "'self'")] {
      let response = try #require(files.file(path)).response(to: Request(method: .get, path: path))
      #expect(response.header("Permissions-Policy")?.contains(devices) == true)
      #expect(response.header("Content-Security-Policy")?.hasSuffix("frame-ancestors \(ancestors)") == true)
      #expect(response.header("Referrer-Policy") == "no-referrer")
    }
  }

  @Test func `a file that has an address of a stream is found`() throws {
    try Folder(temporary.path).replace("index.html", Array("<p>".utf8))
    try Folder(temporary.path).replace("hall.json", Array("{}".utf8))
    let files = try StaticFiles(directory: temporary.path)
    #expect(files.file(claimedBy: try StreamName("hall")) == "/hall.json")
    #expect(files.file(claimedBy: .live) == nil)
  }

  @Test func `a folder without a page is an error that names the file`() {
    #expect(throws: SystemError.self) { try StaticFiles(directory: temporary.path) }
    #expect(throws: SystemError.self) { try StaticFiles(directory: "\(temporary.path)/missing") }
  }

  @Test(arguments: [
    ("a.html", "text/html; charset=utf-8", true), ("a.JS", "text/javascript; charset=utf-8", true),
    ("a.b.svg", "image/svg+xml", true), ("a.png", "image/png", false), ("png", "application/octet-stream", false),
  ])
  func `media types go by the name's ending`(name: String, type: String, isText: Bool) {
    #expect(MediaType(fileName: name).name == type)
    #expect(MediaType(fileName: name).isText == isText)
  }
}
