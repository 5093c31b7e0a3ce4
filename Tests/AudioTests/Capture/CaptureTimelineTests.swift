import Audio
import Core
import System
import Testing

/// A device at 48 kHz in simulated time: 480 frames each 10 ms, and all the ways in which it stops doing that.
@Suite struct CaptureTimelineTests {
  private struct Device {
    var timeline = CaptureTimeline(rate: 48_000)
    var now = MonotonicTime(nanoseconds: 1_000_000_000)
    let start = MonotonicTime(nanoseconds: 1_000_000_000)
    var (silence, dropped, leftOut) = (0, 0, 0)
    /// The most silence handed on at once.
    var largest = 0

    /// Frames that should have been handed on by now.
    var due: Int { (now - start).microseconds * 48 / 1000 }

    mutating func run(milliseconds: Int, lump: Int = 480) {
      for _ in 0..<milliseconds / 10 {
        now = now + .milliseconds(10)
        note(timeline.arrive(frames: lump, now: now))
        note(timeline.bridge(now: now))
      }
    }

    /// Nothing comes; the reader looks every ten milliseconds.
    /// - Returns: after how many milliseconds it counts as lost.
    @discardableResult
    mutating func hang(milliseconds: Int) -> Int? {
      var noticed: Int?
      for step in 1...milliseconds / 10 {
        now = now + .milliseconds(10)
        if timeline.idle(for: .milliseconds(10)) { noticed = step * 10 }
        note(timeline.bridge(now: now))
      }
      return noticed
    }

    mutating func note(_ fit: CaptureTimeline.Fit) {
      silence += fit.silence
      dropped += fit.dropped
      leftOut += fit.leftOut
      largest = max(largest, fit.silence)
    }
  }

  @Test func `what a healthy device gives is handed on as it is`() {
    var device = Device()
    device.run(milliseconds: 3_600_000)
    #expect(device.timeline.position == 360_000 * 480)
    #expect((device.silence, device.dropped, device.leftOut) == (0, 0, 0))
  }

  @Test func `a device that fails is bridged at once, and heard again a fifth of a second after it is back`() {
    var device = Device()
    device.run(milliseconds: 1000)
    device.timeline.lose()
    device.hang(milliseconds: 60_000)
    #expect(abs(device.timeline.position - device.due) <= 480)
    #expect(device.largest <= 960, "in lumps as small as the device's")
    device.run(milliseconds: 200)
    #expect(device.timeline.isBridging)
    device.run(milliseconds: 20)
    #expect(!device.timeline.isBridging)
    device.run(milliseconds: 10_000)
    #expect(abs(device.timeline.position - device.due) <= 480)
    #expect(abs(device.silence - 48 * 60_200) <= 960)
  }

  @Test func `a device that hangs without an error is bridged after half a second`() {
    var device = Device()
    device.run(milliseconds: 1000)
    #expect(device.hang(milliseconds: 10_000) == 510)
    #expect(abs(device.timeline.position - device.due) <= 480)
  }

  @Test func `a device that hung and then hands over what it kept is heard where the clock is, not later`() {
    var device = Device()
    device.run(milliseconds: 1000)
    device.hang(milliseconds: 8000)
    // The kept sound comes in at twenty times the pace.
    device.run(milliseconds: 400, lump: 9600)
    #expect(device.timeline.isBridging)
    device.run(milliseconds: 10_000)
    #expect(!device.timeline.isBridging)
    #expect(abs(device.timeline.position - device.due) <= 480)
  }

  @Test func `a short hang loses nothing`() {
    var device = Device()
    device.run(milliseconds: 1000)
    #expect(device.hang(milliseconds: 450) == nil)
    device.note(device.timeline.arrive(frames: 480 * 45, now: device.now))
    device.run(milliseconds: 5000)
    #expect((device.silence, device.dropped) == (0, 0))
    #expect(device.timeline.position == device.due)
  }

  @Test func `a device that never gave a frame is bridged from when that is noticed`() {
    var device = Device()
    #expect(device.hang(milliseconds: 10_000) == 510)
    #expect(abs(device.timeline.position - 48 * 9490) <= 480)
  }

  @Test func `overruns in a row are filled with what is missing`() {
    var device = Device()
    device.run(milliseconds: 1000)
    for _ in 0..<50 {
      device.timeline.interrupt()
      device.now = device.now + .milliseconds(100)
      device.run(milliseconds: 10)
    }
    #expect(abs(device.timeline.position - device.due) <= 10)
    #expect(abs(device.silence - 50 * 4800) <= 10)
  }

  @Test(arguments: [14, 29])
  func `after a freeze what was lost is filled`(seconds: Int) {
    var device = Device()
    device.run(milliseconds: 1000)
    device.now = device.now + .seconds(seconds)
    device.timeline.interrupt()
    device.run(milliseconds: 1000)
    #expect(abs(device.timeline.position - device.due) <= 10 && device.leftOut == 0)
  }

  @Test(arguments: [31, 100_000])
  func `a gap that nobody would wait through is left out, also while silence stands in`(seconds: Int) {
    for isBridging in [false, true] {
      var device = Device()
      device.run(milliseconds: 1000)
      if isBridging { device.timeline.lose() } else { device.timeline.interrupt() }
      device.now = device.now + .seconds(seconds)
      device.note(device.timeline.bridge(now: device.now))
      device.run(milliseconds: 1000)
      #expect(abs(device.leftOut - seconds * 48_000) <= 480)
      #expect(abs(device.timeline.position - 48 * 2000) <= 480)
    }
  }

  @Test func `a device that comes and goes for a day leaves the stream as long as the day`() {
    var device = Device()
    for round in 0..<8640 {
      device.run(milliseconds: 6000)
      if round % 2 == 0 { device.timeline.lose() }
      device.hang(milliseconds: 4000)
    }
    #expect(abs(device.timeline.position - device.due) <= 480)
  }
}
