import Testing

@testable import Live

@Suite struct RouteTests {
  @Test(arguments: [
    ("/", Route.other), ("/index.html", .other), ("/js/main.js", .other), ("//live.m3u8", .other), ("/.m3u8", .other),
    ("/live.m3u8", .media(stream: "live", .playlist)), ("/hall.2.m3u8", .media(stream: "hall.2", .playlist)),
    ("/live-ll.m3u8", .media(stream: "live", .lowLatencyPlaylist)),
    ("/live.json", .description(stream: "live")), ("/metrics", .operators(.metrics)),
    ("/live/metadata", .metadata(stream: "live")), ("/live/metadata/", .other), ("//metadata", .other),
    ("/metadata", .other),
    ("/status", .operators(.status)), ("/status.html", .operators(.page)), ("/status/", .other),
    ("/live/7.mp3", .media(stream: "live", .segment(7))), ("/live/07.mp3", .other), ("/live/+7.mp3", .other),
    ("/live/-7.mp3", .other), ("/live/7.MP3", .other), ("/live/x/7.mp3", .other), ("/live/0.mp3", .other),
    ("/live/7.3.mp3", .media(stream: "live", .part(7, index: 3))), ("/live/7.03.mp3", .other),
    ("/live/99999999999999999999.mp3", .other),
    ("/live.mp3", .media(stream: "live", .endless)), ("/.mp3", .other), ("/live.mp3/", .other),
  ])
  func `a path means one thing`(path: String, route: Route) {
    #expect(Route(path) == route)
  }
}
