import CSndFile
import Glibc
import Synchronization
import Testing

@testable import Audio

/// Real threads and files: a test waits until a fallback is ready, and asserts no time.
@Suite struct InputFallbackTests {
  private final class Events: Sendable {
    private let list = Mutex<[SourceEvent]>([])
    func note(_ event: SourceEvent) { list.withLock { $0.append(event) } }
    var remarks: [String] { list.withLock { $0 }.compactMap { if case .remark(let text) = $0 { text } else { nil } } }
    var titles: [SoundTitle] {
      list.withLock { $0 }.compactMap { if case .fallbackTitle(let title) = $0 { title } else { nil } }
    }
  }

  private func fallback(_ path: String, _ events: Events = Events(), channels: Int = 1) -> InputFallback {
    let format = PCMFormat(sampleRate: 48_000, channels: channels)
    let choice = InputChoice(.path(path), raw: RawSound(SampleLayout(.int16), format), blockSize: 480)
    var fallback = InputFallback(choice) { events.note($0) }
    fallback.convert(to: format)
    return fallback
  }

  /// The next samples, when they are there.
  private func next(_ count: Int, of fallback: inout InputFallback) -> [Int32] {
    // A minute at most.
    for _ in 0..<6000 where !fallback.isReady(samples: count) { usleep(10_000) }
    var block = [Int32](repeating: 7, count: count)
    fallback.fill(&block)
    return block
  }

  private static let samples = (0..<1000).map { Int32($0) << 16 }

  @Test func `a file comes round and round, and begins anew each time that it is heard`() throws {
    try TestSound.withFolder { folder in
      try TestSound(rate: 48_000).write(Self.samples, to: "\(folder)/a.flac")
      var fallback = fallback("\(folder)/a.flac")
      #expect(next(2500, of: &fallback) == Self.samples + Self.samples + Self.samples[..<500])
      fallback.end()
      #expect(next(10, of: &fallback) == Array(Self.samples[..<10]))
    }
  }

  @Test func `a folder goes on where it was, with the titles of its files`() throws {
    try TestSound.withFolder { folder in
      try TestSound(rate: 48_000, title: "One").write(Self.samples, to: "\(folder)/a.flac")
      try TestSound(rate: 48_000, title: "Two").write(Self.samples, to: "\(folder)/b.flac")
      let events = Events()
      var fallback = fallback(folder, events)
      #expect(next(600, of: &fallback) == Array(Self.samples[..<600]))
      #expect(events.titles == [SoundTitle(title: "One")])
      fallback.end()
      #expect(next(600, of: &fallback) == Array((Self.samples + Self.samples)[600..<1200]))
      #expect(events.titles == [SoundTitle(title: "One"), SoundTitle(title: "Two")])
    }
  }

  @Test func `a folder that goes on inside a file tells its title again, and while it fades out it tells none`() throws
  {
    try TestSound.withFolder { folder in
      try TestSound(rate: 48_000, title: "One").write(Self.samples, to: "\(folder)/a.flac")
      try TestSound(rate: 48_000, title: "Two").write(Self.samples, to: "\(folder)/b.flac")
      let events = Events()
      var fallback = fallback(folder, events)
      fallback.begin()
      _ = next(600, of: &fallback)
      fallback.fadeOut()
      _ = next(600, of: &fallback)
      #expect(events.titles == [SoundTitle(title: "One")])
      fallback.end()
      fallback.begin()
      #expect(events.titles == [SoundTitle(title: "One"), SoundTitle(title: "Two")])
    }
  }

  @Test func `a file without a title that takes the place of one with a title ends that title`() throws {
    try TestSound.withFolder { folder in
      let (path, events) = ("\(folder)/a.flac", Events())
      try TestSound(rate: 48_000, title: "One").write(Self.samples, to: path)
      try TestSound(rate: 48_000).write(Self.samples, to: "\(folder)/b.flac")
      var fallback = fallback(path, events)
      _ = next(100, of: &fallback)
      try #require(rename("\(folder)/b.flac", path) == 0)
      // Some seconds were read ahead.
      for _ in 0..<1000 where events.titles.count < 2 { _ = next(1000, of: &fallback) }
      #expect(events.titles == [SoundTitle(title: "One"), SoundTitle(title: nil)])
    }
  }

  @Test func `a file whose rate takes too large a table is refused with both rates`() throws {
    try TestSound.withFolder { folder in
      let (path, events) = ("\(folder)/a.flac", Events())
      try TestSound(rate: 47_999).write(Self.samples, to: path)
      var fallback = fallback(path, events)
      // A minute at most.
      for _ in 0..<6000 where !fallback.isReady(samples: 10) && events.remarks.isEmpty { usleep(10_000) }
      #expect(
        events.remarks == [
          "fallback file:\(path): its sample rate of 47999 Hz is not converted to 48000 Hz; it is not heard until it can be read"
        ])
    }
  }

  @Test func `another rate and other channels are brought to the source's`() throws {
    try TestSound.withFolder { folder in
      try TestSound(rate: 44_100).write([Int32](repeating: 1 << 29, count: 44_100), to: "\(folder)/a.flac")
      var fallback = fallback("\(folder)/a.flac", channels: 2)
      let block = next(9600, of: &fallback)
      // Away from its beginning.
      #expect(block[4800...].allSatisfy { abs(Double($0) - 0x1p29) < 0x1p20 })
    }
  }

  @Test func `a file that is missing is no sound until the file is there, and each is told once`() throws {
    try TestSound.withFolder { folder in
      let (path, events) = ("\(folder)/a.flac", Events())
      var fallback = fallback(path, events)
      try fallback.waitForFirstAttempt(atMost: .seconds(60))
      let isReady = fallback.isReady(samples: 10)
      #expect(!isReady)
      try TestSound(rate: 48_000).write(Self.samples, to: "\(folder)/b.flac")
      try #require(rename("\(folder)/b.flac", path) == 0)
      #expect(next(1000, of: &fallback) == Self.samples)
      #expect(
        events.remarks == [
          "fallback file:\(path): No such file or directory; it is not heard until it can be read",
          "fallback file:\(path): it can be read now",
        ])
    }
  }

  @Test func `a file that cannot be played is an error at once`() throws {
    try TestSound.withFolder { folder in
      close(open("\(folder)/a.wav", O_WRONLY | O_CREAT, 0o600))
      var fallback = fallback("\(folder)/a.wav")
      #expect(
        throws: SourceError(
          "fallback file:\(folder)/a.wav: it is not a sound file: it is empty", isUnusable: true)
      ) {
        try fallback.waitForFirstAttempt(atMost: .seconds(60))
      }
    }
  }
}
