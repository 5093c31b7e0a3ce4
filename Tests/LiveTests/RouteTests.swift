import Testing

@testable import Live

@Suite struct RouteTests {
  @Test(arguments: [
    ("/", Route.other), ("/index.html", .other), ("/js/main.js", .other), ("//live.m3u8", .other),
    ("/live.m3u8", .playlist(stream: "live")), ("/hall.2.m3u8", .playlist(stream: "hall.2")),
    ("/live.json", .description(stream: "live")),
    ("/live/7.mp3", .segment(stream: "live", sequence: 7)), ("/live/07.mp3", .other), ("/live/+7.mp3", .other),
    ("/live/-7.mp3", .other), ("/live/7.MP3", .other), ("/live/x/7.mp3", .other),
    ("/live/99999999999999999999.mp3", .other),
  ])
  func `a path means one thing`(path: String, route: Route) {
    #expect(Route(path) == route)
  }
}
