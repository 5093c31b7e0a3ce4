import HTTP
import Synchronization
import System
import Testing

@testable import Live

@Suite struct LogoTests {
  static let png =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 2, 0, 0, 0, 1, 0, 8, 2]
    as [UInt8]
  private static let jpeg =
    [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC4, 0, 3, 9, 0xFF, 0xFF, 0xC2, 0, 11, 8, 0, 200, 1, 44, 3, 0, 0, 0]
    as [UInt8]

  @Test func `a picture is known by its bytes, with its size`() throws {
    let png = try #require(Logo(Self.png))
    #expect(png.format == .png && png.size == Logo.Size(width: 512, height: 256))
    let jpeg = try #require(Logo(Self.jpeg))
    #expect(jpeg.format == .jpeg && jpeg.size == Logo.Size(width: 300, height: 200))
  }

  @Test(arguments: [
    "<svg/>",
    "\u{FEFF}<?xml version=\"1.0\"?>\n<!-- a > b --><!DOCTYPE svg PUBLIC \"a\" \"b\">\n<svg xmlns=\"x\"></svg>",
    "  <svg\nwidth=\"1\">",
  ])
  func `an SVG picture begins with its element`(text: String) {
    #expect(Logo(Array(text.utf8))?.format == .svg)
    #expect(Logo(Array(text.utf8))?.size == nil)
  }

  @Test(arguments: [
    "", "<html><svg/></html>", "<svgx/>", "<svg", "<!-- <svg/>", "<?xml <svg/>",
    "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", "GIF89a",
  ])
  func `other texts are no pictures`(text: String) {
    #expect(Logo(Array(text.utf8)) == nil)
  }

  @Test func `a picture that is cut off in its head, or has no pixels, is none`() {
    for count in 0..<24 { #expect(Logo(Array(Self.png.prefix(count))) == nil) }
    for count in 0..<22 { #expect(Logo(Array(Self.jpeg.prefix(count))) == nil) }
    #expect(Logo(Array(Self.png.prefix(16)) + [UInt8](repeating: 0, count: 8)) == nil)
    #expect(Logo([0x3C, 0x73, 0x76, 0x67, 0x3E, 0xFF]) == nil)
  }
}

@Suite struct AccentTests {
  private static let colours = ["#000", "#fff", "#0b5cff", "#7a1f5c", "#ffd400", "#808080", "#0e1618", "#F4EFE5"]

  @Test func `a colour has three or six digits`() throws {
    #expect(try Accent("#0aF").text == "#00aaff")
    #expect(try Accent("#00AA7f").text == "#00aa7f")
  }

  @Test(arguments: ["", "#", "red", "0af", "#0af0", "#0aff", "#00aa7", "#00aa777", "#ggg", "#+12", "# 12", "#０af"])
  func `another text is no colour`(text: String) {
    #expect(throws: InvalidInput.Rule.self) { try Accent(text) }
  }

  @Test(arguments: colours)
  func `a text in any accent is readable on each ground, and so is the text on the accent`(text: String) throws {
    let accent = try Accent(text)
    for grounds in [Accent.Grounds.dark, .light] {
      let colour = accent.readable(on: grounds)
      for ground in grounds.colours { #expect(colour.contrast(to: ground) >= 4.5) }
      #expect(colour.ink.contrast(to: colour) >= 4.5)
    }
  }

  @Test func `a readable accent stays as it is`() throws {
    let accent = try Accent("#0b5cff")
    #expect(accent.readable(on: .light) == accent)
    #expect(accent.styleSheet.contains("(prefers-color-scheme: light) { :root:root { --accent: #0b5cff;"))
  }

  @Test func `the grounds are those of the page`() throws {
    let style = String(decoding: try File.read("web/style.css"), as: UTF8.self)
    for grounds in [Accent.Grounds.dark, .light] {
      let ground = "--ground: \(grounds.colours[0].text);"
      #expect(
        style.contains("\(ground)\n  --raised: \(grounds.colours[1].text);")
          || style.contains("\(ground)\n    --raised: \(grounds.colours[1].text);"))
    }
  }
}

@Suite struct PageFaceTests {
  private let temporary = TemporaryFolder()
  private let page = """
    <head><title>ringcast</title>
    <link rel="icon" href="icon.svg" type="image/svg+xml">
    <link rel="apple-touch-icon" href="icon.png">
    <link rel="manifest" href="ringcast.webmanifest"></head>
    <svg class="mark" viewBox="0 0 1 1"><path d="M0 0"/></svg><svg/>
    """

  private func face(_ bytes: [UInt8]?, accent: String? = nil) throws -> Face {
    Face(logo: bytes.flatMap { Logo($0) }, accent: try accent.map { try Accent($0) })
  }

  private func address(host: String) -> PageAddress {
    PageAddress(Request(method: .get, path: "/", headers: [(name: "Host", value: host)]))
  }

  @Test func `a page has the logo in its icons, beside its name and for messengers`() throws {
    let face = PageFace(try face(LogoTests.png, accent: "#0af"), in: "hall/", hasManifest: true)
    let head = PageHead(title: "Hall", site: "Radio", path: "hall", face: face)
    let text = head.applied(to: page, at: address(host: "Radio.Example:8000"))
    for part in [
      "<link rel=\"icon\" href=\"hall/logo\" type=\"image/png\">", "<link rel=\"apple-touch-icon\" href=\"hall/logo\">",
      "<link rel=\"manifest\" href=\"hall/manifest.webmanifest\">",
      "<link rel=\"stylesheet\" href=\"hall/accent.css\">",
      "<img class=\"logo\" src=\"hall/logo\" alt=\"\"><svg/>", "<meta name=\"ringcast-logo\" content=\"hall/logo\">",
      "<meta property=\"og:image\" content=\"http://radio.example:8000/hall/logo\">",
      "<meta property=\"og:image:width\" content=\"512\">",
      "<meta property=\"og:url\" content=\"http://radio.example:8000/hall\">",
      "<meta name=\"twitter:card\" content=\"summary\">",
    ] { #expect(text.contains(part), "\(part)") }
    #expect(!text.contains("class=\"mark\""))
  }

  @Test func `a page in a folder finds the logo and the icons in the root`() throws {
    let face = PageFace(try face(LogoTests.png, accent: "#0af"), in: "station/", root: "../")
    let text = PageHead(title: "a", site: "b", face: face).applied(
      to: page.replacing("href=\"icon", with: "href=\"../icon"))
    for part in [
      "<link rel=\"icon\" href=\"../station/logo\" type=\"image/png\">",
      "<link rel=\"stylesheet\" href=\"../station/accent.css\">",
      "<img class=\"logo\" src=\"../station/logo\" alt=\"\">",
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test func `a home screen gets no SVG picture, and a page without a logo keeps its icons`() throws {
    let svg = PageFace(try face(Array("<svg/>".utf8)), in: "station/")
    #expect(!PageHead(title: "a", site: "b", path: "", face: svg).applied(to: page).contains("apple-touch-icon"))
    let plain = PageFace(try face(nil), in: "station/")
    let text = PageHead(title: "a", site: "b", path: "", face: plain).applied(to: page, at: address(host: "a.example"))
    #expect(text.contains("href=\"icon.svg\"") && text.contains("class=\"mark\""))
    #expect(text.contains("<meta property=\"og:image\" content=\"http://a.example/icon.png\">"))
  }

  @Test(arguments: ["localhost:8080", "127.0.0.1", "[::1]:80", "a\"><script>", "", "a b"])
  func `an address that is not known, or no address, makes relative links`(host: String) {
    #expect(address(host: host) == .unknown)
    let text = PageHead(title: "a", site: "b", path: "").applied(to: page, at: address(host: host))
    #expect(text.contains("<meta property=\"og:image\" content=\"icon.png\">") && !text.contains("og:url"))
  }

  @Test func `many hosts do not fill the memory, and each gets its own page`() throws {
    let made = AddressedPage { address in
      Representation(
        Array(address.base.utf8), contentType: "text/plain", cacheControl: "no-store",
        validators: .init(lastModified: 0))
    }
    for number in 0..<40 {
      let host = "host\(number).example"
      let answer = try #require(made[address(host: host)]).response(to: Request(method: .get, path: "/"))
      #expect(String(decoding: answer.content, as: UTF8.self) == "http://\(host)/")
    }
  }

  @Test func `the forms of the sixteen newest hosts are kept, whatever hosts came before`() {
    let made = Mutex<[String]>([])
    let pages = AddressedPage { address in
      made.withLock { $0.append(address.base) }
      return Representation(
        [], contentType: "text/plain", cacheControl: "no-store", validators: .init(lastModified: 0))
    }
    for number in (0..<40).map({ "host\($0)" }) { _ = pages[address(host: number)] }
    for number in (24..<40).map({ "host\($0)" }) { _ = pages[address(host: number)] }
    #expect(made.withLock { $0.count } == 40)
    _ = pages[address(host: "host0")]
    #expect(made.withLock { $0.last } == "http://host0/" && made.withLock { $0.count } == 41)
  }

  @Test func `a logo is a file that exists, is short and is a picture`() throws {
    let folder = Folder(temporary.path)
    try folder.replace("good", LogoTests.png)
    try folder.replace("long", LogoTests.png + [UInt8](repeating: 0, count: Logo.longest))
    try folder.replace("text", Array("hello".utf8))
    func faces(_ name: String) throws -> Faces {
      var settings = StationSettings()
      try settings.streams[0].identity.set(logo: "\(temporary.path)/\(name)")
      return try Faces(settings)
    }
    #expect(try faces("good").streams[.live]?.logo?.format == .png)
    for name in ["long", "text", "none"] {
      #expect { try faces(name) } throws: { error in
        (error as? InvalidInput)?.text { $0.rawValue }.contains("logo") == true
      }
    }
  }

  @Test func `a stream has the face of the station, unless it has its own`() throws {
    let folder = Folder(temporary.path)
    try folder.replace("a", LogoTests.png)
    try folder.replace("b", Array("<svg/>".utf8))
    var settings = StationSettings()
    try settings.identity.set(logo: "\(temporary.path)/a")
    settings.identity.accent = try Accent("#123")
    var hall = StreamSettings()
    hall.name = try StreamName("hall")
    try hall.identity.set(logo: "\(temporary.path)/b")
    settings.streams.append(hall)
    let faces = try Faces(settings)
    #expect(faces.streams[.live] == faces.station && !faces.hasOwnLogo(.live))
    #expect(faces.streams[hall.name]?.logo?.format == .svg && faces.hasOwnLogo(hall.name))
    #expect(faces.streams[hall.name]?.accent == faces.station.accent)
  }
}

@Suite struct QRPictureTests {
  private func answer(host: String?, path: String?) -> Response {
    QRPicture.response(
      to: Request(method: .get, path: "/", headers: host.map { [(name: "Host", value: $0)] } ?? []), for: path)
  }

  @Test func `the picture has the address of the page, and no cache keeps the picture`() throws {
    let response = answer(host: "radio.example", path: "hall")
    #expect(response.status == 200 && response.header("Cache-Control") == "no-store")
    #expect(response.header("Content-Type") == "image/svg+xml")
    let text = String(decoding: response.content, as: UTF8.self)
    let code = try #require(QRCode("http://radio.example/hall"))
    #expect(text == code.picture)
    // The rectangles cover the dark modules, row by row.
    let dark = (0..<code.size).reduce(0) { count, row in count + (0..<code.size).count { code[row, $0] } }
    let widths = text.matches(of: /h(\d+)v1h/).compactMap { Int($0.1) }
    #expect(widths.reduce(0, +) == dark)
  }

  @Test func `without an address or a page there is no picture`() {
    #expect(answer(host: "127.0.0.1:8080", path: "").status == 404)
    #expect(answer(host: nil, path: "").status == 404)
    #expect(answer(host: "radio.example", path: nil).status == 404)
    let long = String(repeating: "a", count: 250)
    #expect(answer(host: long, path: String(repeating: "b", count: 42)).status == 200)
    #expect(answer(host: long, path: String(repeating: "b", count: 43)).status == 404)
  }
}
