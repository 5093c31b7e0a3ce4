import Recordings
import Testing

@testable import Live

extension StreamName {
  fileprivate static let metadata = StreamName(valid: "metadata")!
}

@Suite struct RouteTests {
  @Test(arguments: [
    ("/", Route.page("/")), ("/index.html", .page("/index.html")), ("/js/main.js", .page("/js/main.js")),
    ("//live.m3u8", .page("//live.m3u8")), ("/.m3u8", .page("/.m3u8")), ("/hall.2.m3u8", .page("/hall.2.m3u8")),
    ("/live.m3u8", .stream(.live, .media(.playlist))), ("/live-ll.m3u8", .stream(.live, .media(.lowLatencyPlaylist))),
    ("/live.json", .stream(.live, .description)), ("/metrics", .api(.metrics)),
    ("/live/metadata", .stream(.live, .nowPlaying)), ("/live/metadata/", .page("/live/metadata/")),
    ("//metadata", .page("//metadata")),
    ("/status", .api(.status)), ("/status.html", .operators(.status)), ("/status/", .page("/status/")),
    ("/live/7.mp3", .stream(.live, .media(.segment(7)))), ("/live/07.mp3", .page("/live/07.mp3")),
    ("/live/+7.mp3", .page("/live/+7.mp3")), ("/live/-7.mp3", .page("/live/-7.mp3")),
    ("/live/7.MP3", .page("/live/7.MP3")), ("/live/x/7.mp3", .page("/live/x/7.mp3")),
    ("/live/0.mp3", .page("/live/0.mp3")), ("/live/7.3.mp3", .stream(.live, .media(.part(7, index: 3)))),
    ("/live/7.03.mp3", .page("/live/7.03.mp3")),
    ("/live/0123456789ab/7.mp3", .stream(.live, .media(.segment(7), era: .sample))),
    ("/live/0123456789ab/7.3.mp3", .stream(.live, .media(.part(7, index: 3), era: .sample))),
    ("/live/0123456789AB/7.mp3", .page("/live/0123456789AB/7.mp3")),
    ("/live/0123456789abc/7.mp3", .page("/live/0123456789abc/7.mp3")),
    ("/live/0123456789ab/", .page("/live/0123456789ab/")), ("/live//7.mp3", .page("/live//7.mp3")),
    ("/live/0123456789ab/0123456789ab/7.mp3", .page("/live/0123456789ab/0123456789ab/7.mp3")),
    ("/live/0123456789ab/metadata", .page("/live/0123456789ab/metadata")),
    ("/live/99999999999999999999.mp3", .page("/live/99999999999999999999.mp3")),
    ("/live/picture.jpg", .stream(.live, .picture(.newest))),
    ("/live/picture.mjpeg", .stream(.live, .picture(.moving))),
    ("/live/pictures.json", .stream(.live, .picture(.list(after: nil)))),
    ("/live/pictures/7.json", .stream(.live, .picture(.list(after: 7)))),
    ("/live/picture/7.jpg", .stream(.live, .picture(.still(7)))),
    ("/live/picture/07.jpg", .page("/live/picture/07.jpg")),
    ("/live/picture/-7.jpg", .page("/live/picture/-7.jpg")), ("/live/picture/.jpg", .page("/live/picture/.jpg")),
    ("/live/pictures/0.json", .stream(.live, .picture(.list(after: 0)))),
    ("/live/pictures/00.json", .page("/live/pictures/00.json")),
    ("/live/pictures/-1.json", .page("/live/pictures/-1.json")),
    ("/live/picture/0.jpg", .page("/live/picture/0.jpg")), ("/picture.jpg", .page("/picture.jpg")),
    ("/live.mp3", .stream(.live, .media(.endless))), ("/.mp3", .page("/.mp3")), ("/live.mp3/", .page("/live.mp3/")),
    ("/live.m3u", .stream(.live, .link(.m3u))), ("/live.pls", .stream(.live, .link(.pls))),
    ("/live-ll.m3u", .page("/live-ll.m3u")), ("/.pls", .page("/.pls")), ("/rooms", .rooms(.redirect)),
    ("/rooms/", .rooms(.list)), ("/rooms/list.json", .rooms(.listObject)),
    ("/rooms/list.html", .page("/rooms/list.html")), ("/studio", .studio(.page)), ("/studio/live", .studio(.page)),
    ("/recordings", .recordings(.redirect)), ("/recordings/", .recordings(.page)),
    ("/recordings/hall/stop", .recordings(.control(StreamName(valid: "hall")!, .stop))),
    ("/recordings/hall/end", .page("/recordings/hall/end")), ("/recordings.json", .recordings(.list)),
    ("/recordings/style.css", .page("/recordings/style.css")),
    (
      "/recordings/live-2026-11-30T14-00-00+0100.mp3",
      .recordings(.file(RecordingName("live-2026-11-30T14-00-00+0100.mp3")!))
    ), ("/recordings/../live-2026-11-30T14-00-00+0100.mp3", .page("/recordings/../live-2026-11-30T14-00-00+0100.mp3")),
    ("/studio.json", .studio(.streams)), ("/studio/studio.html", .page("/studio/studio.html")),
    ("/secure.json", .secureAddress), ("/secure", .page("/secure")), ("/live", .stream(.live, .page)),
    ("/station.json", .station), ("/station", .page("/station")), ("/station.html", .page("/station.html")),
    ("/live/7.peaks", .stream(.live, .media(.peaks(7)))), ("/live/07.peaks", .page("/live/07.peaks")),
    ("/live/7.3.peaks", .page("/live/7.3.peaks")), ("/live/.peaks", .page("/live/.peaks")),
    ("/live/0123456789ab/7.peaks", .stream(.live, .media(.peaks(7), era: .sample))),
    ("/live/ring.peaks", .stream(.live, .media(.ringPeaks))),
    ("/live/0123456789ab/ring.peaks", .page("/live/0123456789ab/ring.peaks")),
    ("/live/played.json", .stream(.live, .media(.played))), ("/live/logo", .stream(.live, .face(.logo))),
    ("/live/accent.css", .stream(.live, .face(.accent))), ("/live/qr.svg", .stream(.live, .face(.qrCode))),
    ("/live/manifest.webmanifest", .stream(.live, .face(.manifest))), ("/station/logo", .face(.logo)),
    ("/station/qr.svg", .face(.qrCode)), ("/station/logo/", .page("/station/logo/")), ("/station/", .page("/station/")),
    ("/live/", .page("/live/")), ("/Live", .page("/Live")), ("/metadata", .stream(.metadata, .page)),
  ])
  func `a path means one thing`(path: String, route: Route) {
    #expect(Route(path, isFile: { _ in false }) == route)
  }

  @Test func `a stream has the same addresses by any name`() throws {
    let hall = try StreamName("hall_2")
    #expect(Route("/hall_2.m3u8") { _ in false } == .stream(hall, .media(.playlist)))
    #expect(Route("/hall_2-ll.m3u8") { _ in false } == .stream(hall, .media(.lowLatencyPlaylist)))
    #expect(Route("/hall_2/7.mp3") { _ in false } == .stream(hall, .media(.segment(7))))
  }

  @Test(arguments: ["/live.json", "/live/7.mp3", "/icon.mp3"])
  func `a file that exists is never a stream`(path: String) {
    #expect(Route(path) { $0 == path } == .page(path))
  }

  @Test(arguments: [
    ("/status", Route.api(.status)), ("/metrics", .api(.metrics)), ("/status.html", .operators(.status)),
  ])
  func `a file takes none of the program's own paths`(path: String, route: Route) {
    #expect(Route(path) { _ in true } == route)
  }

  @Test(arguments: StreamName.reservedWords.sorted())
  func `no address below a reserved word is a stream's`(word: String) {
    for path in [
      "/\(word).json", "/\(word).mp3", "/\(word).m3u8", "/\(word).pls", "/\(word)/1.mp3", "/\(word)/metadata",
      "/\(word)",
    ] {
      if case .stream = Route(path, isFile: { _ in false }) { Issue.record("\(path)") }
    }
  }

  @Test func `a stream claims its own addresses and no others`() {
    for path in [
      "/live.json", "/live.m3u8", "/live-ll.m3u8", "/live.mp3", "/live.m3u", "/live.pls", "/live/", "/live/7.mp3",
      "/live/x.css", "/live",
    ] {
      #expect(StreamName.live.claims(path), "\(path)")
    }
    for path in ["/", "/live.css", "/lively.json", "/hall.json", "/js/live.json"] {
      #expect(!StreamName.live.claims(path), "\(path)")
    }
  }
}
