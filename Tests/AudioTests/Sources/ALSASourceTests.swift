import Audio
import Core
import Synchronization
import System
import Testing

/// Real threads with devices that are made up. What comes in when is not asserted, only what comes of it.
@Suite struct ALSASourceTests {
  /// Gives `lumps` of 10 ms in real time, as many frames as `pace` has, and then does what `end` does.
  private final class Device: CaptureDeviceHandle {
    let name = "fake"
    let format: PCMFormat
    private let pace: Int
    private let lumps: Int
    private let end: @Sendable () throws(SourceError) -> DeviceArrival
    private let given = Mutex((lumps: 0, start: MonotonicTime.now))
    let isClosed = Mutex(false)

    init(
      rate: Int = 48_000, pace: Int? = nil, lumps: Int, end: @escaping @Sendable () throws(SourceError) -> DeviceArrival
    ) {
      format = PCMFormat(sampleRate: rate, channels: 1)
      (self.pace, self.lumps, self.end) = (pace ?? rate, lumps, end)
    }

    var summary: String { "fake at \(format.sampleRate) Hz" }
    func start() {}
    func close() { isClosed.withLock { $0 = true } }

    func await(atMost timeout: Duration) throws(SourceError) -> DeviceArrival {
      guard given.withLock({ $0.lumps < lumps }) else { return try end() }
      let due = given.withLock { given in
        if given.lumps == 0 { given.start = .now }
        given.lumps += 1
        return given.start + .milliseconds(10) * given.lumps
      }
      Semaphore().wait(atMost: max(.zero, due - .now))
      return .frames(pace / 100)
    }

    func read(into block: inout [Int32]) throws(SourceError) -> DeviceArrival {
      block += [Int32](repeating: 1 << 20, count: pace / 100)
      return .frames(pace / 100)
    }
  }

  private final class Events: Sendable {
    private let list = Mutex<[SourceEvent]>([])
    func note(_ event: SourceEvent) { list.withLock { $0.append(event) } }
    var all: [SourceEvent] { list.withLock { $0 } }
  }

  private final class Attempts: Sendable {
    private let count = Atomic(0)
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
  }

  /// Reads until the events hold; bounded by the stream's length, not by a clock.
  private func read(_ source: inout ALSASource, seconds: Int, until holds: () -> Bool) throws -> Int {
    var (block, frames): ([Int32], Int) = ([], 0)
    while !holds(), frames < seconds * source.format.sampleRate {
      let reading = try source.read(into: &block, stop: StopSignal())
      #expect(reading != .end && !block.isEmpty)
      frames += block.count / source.format.channels
    }
    return frames
  }

  private func stop(_ source: inout ALSASource) throws {
    let stop = StopSignal()
    stop.raise()
    var block: [Int32] = []
    #expect(try source.read(into: &block, stop: stop) == .end)
  }

  private func isBack(_ event: SourceEvent) -> Bool { if case .deviceBack = event { true } else { false } }
  private func isLoss(_ event: SourceEvent) -> Bool { if case .deviceLost = event { true } else { false } }

  @Test func `a device that fails is closed and opened again, and another rate is converted`() throws {
    let (events, attempts) = (Events(), Attempts())
    let first = Device(lumps: 5) { () throws(SourceError) in throw SourceError("unplugged") }
    let second = Device(rate: 44_100, lumps: .max) { .nothing }
    var source = ALSASource(first, onEvent: { events.note($0) }) { () throws(SourceError) in
      guard attempts.next() > 2 else { throw SourceError("still unplugged") }
      return second
    }
    _ = try read(&source, seconds: 30) { events.all.contains(where: isBack) }
    #expect(events.all.first == .deviceLost(reason: "unplugged"))
    #expect(events.all.contains(.rateChanged(from: 48_000, to: 44_100)))
    #expect(events.all.count(where: isLoss) == 1, "an outage is told once")
    #expect(events.all.contains(where: isBack))
    #expect(first.isClosed.withLock { $0 })
    try stop(&source)
    #expect(second.isClosed.withLock { $0 })
  }

  @Test func `a device of ALSA that is not there is silence, and is tried again`() throws {
    let events = Events()
    let wish = CaptureWish(rates: [44_100], channels: [1], period: 480)
    var source = ALSASource(device: "hw:31,7", wish: wish, absent: { .deviceAbsent(reason: $0) }) { events.note($0) }
    #expect(source.format == PCMFormat(sampleRate: 44_100, channels: 1))
    _ = try read(&source, seconds: 1) { false }
    guard case .deviceAbsent(let reason)? = events.all.first else {
      Issue.record("\(events.all)")
      return
    }
    #expect(reason.hasPrefix("alsa:hw:31,7: ") && events.all.count == 1)
    try stop(&source)
  }

  @Test func `a device that hangs in a call, and then fails, is both told; the stream goes on meanwhile`() throws {
    let (events, hang) = (Events(), Semaphore())
    let first = Device(lumps: 5) { () throws(SourceError) in
      hang.wait()
      throw SourceError("gone for good")
    }
    let second = Device(lumps: .max) { .nothing }
    var source = ALSASource(first, onEvent: { events.note($0) }) { second }
    let frames = try read(&source, seconds: 2) { false }
    #expect(frames >= 2 * 48_000)
    let before = events.all
    let hangs = SourceEvent.deviceHangs(for: CaptureTimeline.idleTimeout)
    #expect(before.last == hangs)
    // It has hung before where this machine was too busy for its thread.
    #expect(before.count(where: { $0 == hangs }) == before.count(where: isBack) + 1, "each time is told once")
    hang.post()
    _ = try read(&source, seconds: 30) { events.all.dropFirst(before.count).contains(where: isBack) }
    #expect(events.all.dropFirst(before.count).first == .deviceLost(reason: "gone for good"))
    #expect(events.all.last.map(isBack) == true)
    try stop(&source)
  }

  @Test func `a device that gives another rate than it says is converted without being lost`() throws {
    let events = Events()
    let device = Device(pace: 44_100, lumps: .max) { .nothing }
    var source = ALSASource(device, onEvent: { events.note($0) }) { device }
    let change = SourceEvent.rateChanged(from: 48_000, to: 44_100)
    _ = try read(&source, seconds: 60) { events.all.contains(change) }
    #expect(events.all.contains(change))
    #expect(!events.all.contains(where: isLoss))
    try stop(&source)
  }

  @Test func `overruns without a frame between them are a failure`() throws {
    let events = Events()
    let first = Device(lumps: 5) { .overrun }
    let second = Device(lumps: .max) { .nothing }
    var source = ALSASource(first, onEvent: { events.note($0) }) { second }
    _ = try read(&source, seconds: 30) { events.all.contains(where: isBack) }
    #expect(events.all.contains(.deviceLost(reason: "alsa:fake: 9 overruns in a row")))
    #expect(first.isClosed.withLock { $0 })
    try stop(&source)
  }
}
