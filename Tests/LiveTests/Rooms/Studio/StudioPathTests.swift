import Testing

@testable import Live

@Suite struct StudioPathTests {
  @Test(arguments: [
    ("/studio", StudioPath.page), ("/studio/", .page), ("/studio/live", .page), ("/studio/hall_2", .page),
    ("/studio.json", .streams),
    ("/studio/studio.html", nil), ("/studio/js/main.js", nil), ("/studio/Live", nil),
    ("/studio/live/", nil), ("/studio/status", nil), ("/studios", nil), ("/studio.html", nil),
  ])
  func `a path of the studio names the page or the list`(path: String, meaning: StudioPath?) {
    #expect(StudioPath(path) == meaning)
  }

  @Test func `the files of the page are the studio's`() {
    for path in ["/studio", "/studio.json", "/studio/", "/studio/studio.html"] { #expect(StudioPath.contains(path)) }
    for path in ["/", "/studios", "/rooms/studio"] { #expect(!StudioPath.contains(path)) }
  }
}
