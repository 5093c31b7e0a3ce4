import Audio
import Logging
import System
import Testing

@testable import Live

/// The streams whose source is a room come and go while the mixer runs.
@Suite struct StationVoicesTests {
  private let voices = StationVoices(log: Log(level: .error))

  private func source(_ stream: StreamSettings) throws -> RoomSource {
    let source = voices.source(of: stream, room: "studio", programme: nil) { _ in }
    return try #require(source)
  }

  private func stream(_ name: String) throws -> StreamSettings {
    var stream = StreamSettings()
    stream.name = try StreamName(name)
    stream.source = .room("studio")
    return stream
  }

  @Test func `each run of a stream gets ticks, beside the other streams of the room`() throws {
    defer { voices.stop() }
    let (a, b) = (try stream("a"), try stream("b"))
    var (first, other) = (try source(a), try source(b))
    var block: [Int32] = []
    let stop = StopSignal()
    #expect(try first.read(into: &block, stop: stop) == .filling && !block.isEmpty)
    voices.release(a.name)
    var second = try source(a)
    for _ in 0..<3 {
      #expect(try second.read(into: &block, stop: stop) == .filling && !block.isEmpty)
      #expect(try other.read(into: &block, stop: stop) == .filling && !block.isEmpty)
    }
  }

  @Test func `a capture thread that waits for a tick ends after the release of its stream`() throws {
    defer { voices.stop() }
    let a = try stream("a")
    let source = try source(a)
    let (stop, ended) = (StopSignal(), Semaphore())
    NamedThread(name: "capture") {
      var (source, block) = (source, [Int32]())
      while (try? source.read(into: &block, stop: stop)) != .end {}
      ended.post()
    }.detach()
    stop.raise()
    voices.release(a.name)
    #expect(ended.wait(atMost: .seconds(60)))
  }

  @Test func `a stream with another source gets nothing of a room`() throws {
    defer { voices.stop() }
    var other = try stream("a")
    other.source = .tone
    let source = voices.source(of: other, room: "studio", programme: nil) { _ in }
    #expect(source == nil)
    voices.release(other.name)
  }
}
