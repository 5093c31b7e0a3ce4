import Logging
import System
import Testing

@testable import Live

@Suite struct LiveStreamTests {
  private let temporary = TemporaryFolder()

  private func start(onEnd: @escaping @Sendable (StreamEnd) -> Void = { _ in }) throws -> LiveStream {
    var settings = StreamSettings()
    settings.source = .tone
    settings.soundDirectory = temporary.path
    return try StreamBuilder(settings, for: Audience(caches: .all, crossOrigin: []), log: Log(level: .error))
      .start(onChange: { _ in }, onEnd: onEnd)
  }

  @Test func `a run whose folder cannot be written leaves the folder to the next run`() throws {
    try Folder(temporary.path).replace("live", [1])
    let first = try start()
    first.stop()
    #expect(first.leaveFolder(within: .seconds(60)))
    let second = try start()
    second.stop()
    #expect(second.leaveFolder(within: .seconds(60)))
    withExtendedLifetime(first) {}
    try CrashMemory(folder: Folder("\(temporary.path)/live").absolutePath).remove()
  }

  @Test func `the end is told once, or to nobody`() throws {
    let told = Semaphore()
    let ended = try start { _ in told.post() }
    ended.stop(isForGood: true)
    #expect(told.wait(atMost: .seconds(60)))
    #expect(!ended.keepEndUntold())
    let forgotten = try start()
    #expect(forgotten.keepEndUntold())
    forgotten.stop(isForGood: true)
    #expect(!forgotten.keepEndUntold())
  }
}
