import Core
import Logging
import System
import Testing

@testable import Live

@Suite struct StreamDirectoryTests {
  private let temporary = TemporaryFolder()

  private func start(_ name: String) throws -> LiveStream {
    var settings = StreamSettings()
    settings.name = try StreamName(name)
    settings.source = .tone
    settings.soundDirectory = temporary.path
    return try StreamBuilder(settings, for: Audience(caches: .all, crossOrigin: []), log: Log(level: .error))
      .start(onChange: { _ in }, onEnd: { _ in })
  }

  @Test func `a stream is found by its name, with its place, and no other is`() throws {
    let streams = [try start("live"), try start("hall")]
    defer { for stream in streams { stream.stop() } }
    let directory = StreamDirectory(streams)
    #expect(directory.first === streams[0])
    let hall = try StreamName("hall")
    #expect(directory[hall] === streams[1] && directory.now[hall]?.channel == 1)
    let other = try StreamName("tower")
    #expect(directory[other] == nil && directory.now[other] == nil)
  }

  @Test func `a stream tells its position at this moment, which moves on with its sound`() throws {
    let stream = try start("live")
    defer { stream.stop() }
    let pause = Semaphore()
    // A tone comes at the pace of real time, so that the stream has a position within the first second.
    var first = stream.position
    while first == nil {
      _ = pause.wait(atMost: .milliseconds(5))
      first = stream.position
    }
    var second = first
    while second == first {
      _ = pause.wait(atMost: .milliseconds(5))
      second = stream.position
    }
    let (before, after) = (try #require(first), try #require(second))
    #expect(after.sample > before.sample && after.date > before.date)
    // The date is the wall clock's, but for the arrival of the first block.
    #expect(abs(WallTime.now.microseconds - after.date.microseconds) < 5_000_000)
  }

  @Test func `each stream has a folder of its own name`() throws {
    let streams = [try start("live"), try start("hall")]
    for stream in streams { stream.stop() }
    #expect(try Folder(temporary.path).folders().sorted() == ["hall", "live"])
  }
}
