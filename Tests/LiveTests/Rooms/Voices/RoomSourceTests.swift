import Audio
import Synchronization
import System
import Testing

@testable import Live

@Suite struct RoomSourceTests {
  /// The events of a source, in order.
  private final class Events: Sendable {
    private let noted = Mutex<[SourceEvent]>([])

    func note(_ event: SourceEvent) { noted.withLock { $0.append(event) } }

    func take() -> [SourceEvent] {
      noted.withLock { events in
        defer { events = [] }
        return events
      }
    }
  }

  /// A programme of the constant level 1/4.
  private struct Constant: Fallback {
    let name = "constant"
    mutating func isReady(samples: Int) -> Bool { true }
    mutating func begin() {}
    mutating func end() {}
    mutating func fill(_ block: inout [Int32]) {
      for index in block.indices { block[index] = 1 << 29 }
    }
  }

  private let feed = AirFeed(programmeFloor: 1)
  private let events = Events()
  private let stop = StopSignal()

  private func source(programme: (any Fallback)? = nil) -> RoomSource {
    RoomSource(room: "show", feed, programme: programme) { [events] in events.note($0) }
  }

  private func put(_ level: Float, _ number: Int, isOn: Bool) {
    [Float](repeating: level, count: AirFeed.samples).withUnsafeBufferPointer {
      feed.put($0.baseAddress!, AirFeed.Tick(number: number, isOn: isOn))
    }
  }

  @Test func `each tick is a block of ten milliseconds at full scale 2^31, and no sample overflows`() throws {
    var source = source()
    var block: [Int32] = []
    for (number, level) in [Float(0), 0.5, -1, 1, 2].enumerated() {
      put(level, number, isOn: true)
      #expect(try source.read(into: &block, stop: stop) == .sound)
      #expect(block.count == 960)
      #expect(Set(block) == [level >= 1 ? Int32.max - 127 : Int32(level * 0x1p31)])
    }
  }

  @Test func `the ticks before the first read are left out, so that the stream begins at its date`() throws {
    var source = source()
    var block: [Int32] = []
    for number in 0..<20 { put(Float(number) / 32, number, isOn: true) }
    #expect(try source.read(into: &block, stop: stop) == .sound)
    #expect(block.count == 960 && Set(block) == [19 << 26])
    put(0.5, 20, isOn: true)
    #expect(try source.read(into: &block, stop: stop) == .sound)
    #expect(block.count == 960 && Set(block) == [1 << 30])
  }

  @Test func `while nobody is on the air, the source is filling; a return is an event with the length of the outage`()
    throws
  {
    var source = source()
    #expect(events.take() == [.deviceLost(reason: "nobody is on the air")])
    var block: [Int32] = []
    for number in 0..<3 {
      put(0, number, isOn: false)
      #expect(try source.read(into: &block, stop: stop) == .filling)
    }
    #expect(events.take() == [])
    put(0.5, 3, isOn: true)
    #expect(try source.read(into: &block, stop: stop) == .sound)
    #expect(events.take() == [.deviceBack(summary: "room show, 48000 Hz, 2 channels", lostFrames: 1440)])
  }

  @Test func `ticks that the mixer has left out are silence, so that the stream keeps its pace`() throws {
    var source = source()
    var block: [Int32] = []
    put(0.5, 100, isOn: true)
    _ = try source.read(into: &block, stop: stop)
    put(0.5, 104, isOn: true)
    _ = try source.read(into: &block, stop: stop)
    #expect(block.count == 4 * 960)
    #expect(block[..<(3 * 960)].allSatisfy { $0 == 0 })
    #expect(block[(3 * 960)...].allSatisfy { $0 == 1 << 30 })
  }

  @Test func `after half a minute without ticks, dates leap`() throws {
    var source = source()
    _ = events.take()
    var block: [Int32] = []
    put(0, 0, isOn: false)
    _ = try source.read(into: &block, stop: stop)
    put(0, 3002, isOn: false)
    _ = try source.read(into: &block, stop: stop)
    #expect(block.count == 960)
    #expect(events.take() == [.leftOut(frames: 3001 * 480)])
  }

  @Test func `the mixer gets four ticks of the programme ahead, and one for each of its ticks`() throws {
    var source = source(programme: Constant())
    var samples = [Float](repeating: 0, count: AirFeed.samples)
    func take() -> Bool { samples.withUnsafeMutableBufferPointer { feed.takeProgramme(into: $0.baseAddress!) } }
    for _ in 0..<4 { #expect(take()) }
    #expect(!take())
    #expect(samples.allSatisfy { $0 == 0.25 })
    var block: [Int32] = []
    put(0, 0, isOn: false)
    _ = try source.read(into: &block, stop: stop)
    #expect(take())
    #expect(!take())
  }

  @Test func `a stop ends the wait for a tick`() throws {
    var source = source()
    var block: [Int32] = [1]
    stop.raise()
    feed.stop()
    #expect(try source.read(into: &block, stop: stop) == .end)
    #expect(block.isEmpty)
  }
}
