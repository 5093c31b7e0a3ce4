import Logging
import Pictures
import System
import Testing

@testable import HTTP
@testable import Live

/// The pictures of a real stream.
@Suite struct PictureEndTests {
  private let temporary = TemporaryFolder()

  @Test(arguments: [true, false])
  func `the moving picture of a stream ends with the capture of the sound`(isForGood: Bool) throws {
    var settings = StreamSettings()
    settings.source = .tone
    settings.soundDirectory = temporary.path
    let stream = try StreamBuilder(settings, for: .everybody, log: Log(level: .error))
      .start(onChange: { _ in }, onEnd: { _ in })
    defer { stream.stop() }
    let request = Request(method: .get, path: "/live/picture.mjpeg")
    let still = try JPEGStill(
      ([0xFF, 0xD8, 0xFF, 0xC4, 0, 2, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]
        + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 0xFF, 0xD9])[...])
    /// Nil before the first picture.
    func reader() -> Endless? {
      guard case .respond(let response) = stream.pictures(request, .moving, mayWait: true) else { return nil }
      return response.endless
    }
    // Without sound, there are no pictures.
    while reader() == nil { stream.show(still, at: .now) }
    let moving = try #require(reader())
    #expect(!moving.body.isFinished)
    stream.stop(isForGood: isForGood)
    #expect(moving.body.isFinished)
  }
}
