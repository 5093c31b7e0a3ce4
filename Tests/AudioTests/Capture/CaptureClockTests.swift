import Audio
import System
import Testing

/// Times are in nanoseconds, made up: a device at 48 kHz that hands over 480 frames each 10 ms, some of them late.
@Suite struct CaptureClockTests {
  private struct Device {
    var clock = CaptureClock(rate: 48_000)
    var (position, now, reported) = (0, 1_000_000_000, 0)
    /// Deviation of its crystal.
    var partsPerMillion: Int

    init(partsPerMillion: Int = 0) {
      self.partsPerMillion = partsPerMillion
    }

    mutating func run(seconds: Int, late: (Int) -> Int = { _ in 0 }) {
      for lump in 0..<seconds * 100 {
        position += 480
        now += 10_000_000 - 10 * partsPerMillion
        let lost = clock.observe(position: position, now: MonotonicTime(nanoseconds: now + late(lump)))
        position += lost
        reported += lost
      }
    }
  }

  @Test(arguments: [-200, 0, 200])
  func `a device that is a little off, and lumps that are late, lose nothing`(partsPerMillion: Int) {
    var device = Device(partsPerMillion: partsPerMillion)
    device.run(seconds: 3600) { $0 % 7 == 0 ? 4_000_000 : $0 % 50 == 0 ? 60_000_000 : 0 }
    #expect(device.reported == 0)
  }

  @Test(arguments: [1, 480, 48_000, 48_000 * 60])
  func `after an overrun it tells how many frames are missing`(frames: Int) {
    var device = Device()
    device.run(seconds: 10)
    device.now += 10_000_000 + frames * 1_000_000 / 48
    let lost = device.clock.missing(position: device.position + 480, now: MonotonicTime(nanoseconds: device.now))
    #expect(abs(lost - frames) <= 6, "half a millisecond of slack at the most: \(lost)")
  }

  @Test func `frames that are lost without an error are noticed after a second`() {
    var device = Device()
    device.run(seconds: 10)
    device.now += 500_000_000
    device.run(seconds: 3)
    #expect(abs(device.reported - 24_000) <= 100)
  }

  @Test func `after a freeze the frames that were kept may take a while to come in`() {
    var device = Device()
    device.run(seconds: 10)
    // 16 s stopped, of which the device kept 11 s: they come in at ten times the pace.
    device.now += 16_000_000_000
    for _ in 0..<110 {
      device.position += 4800
      device.now += 10_000_000
      #expect(device.clock.observe(position: device.position, now: MonotonicTime(nanoseconds: device.now)) == 0)
    }
  }

  @Test func `a stall whose frames come in later loses nothing`() {
    var device = Device()
    device.run(seconds: 10)
    device.now += 800_000_000
    device.position += 480 * 80
    device.run(seconds: 5)
    #expect(device.reported == 0)
  }
}
