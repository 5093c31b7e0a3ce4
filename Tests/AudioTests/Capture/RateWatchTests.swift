import Audio
import System
import Testing

/// A device that says 48 kHz.
@Suite struct RateWatchTests {
  /// - Returns: the rates that were found, in so many seconds at that pace.
  private func run(_ watch: inout RateWatch, rate: Double, seconds: Int, from start: Int = 0) -> [Int] {
    var (found, given): ([Int], Int) = ([], 0)
    for lump in 1...seconds * 40 {
      // Each 25 ms, up to 8 ms late, as a sound server has them.
      let frames = Int(Double(lump) * rate / 40) - given
      given += frames
      let now = start + lump * 25_000_000 + lump * 7919 % 8 * 1_000_000
      if watch.observe(frames: frames, now: MonotonicTime(nanoseconds: now)) { found.append(watch.rate) }
    }
    return found
  }

  @Test(arguments: [48_000.0, 48_024, 47_976])
  func `the device's own rate is no news, and neither is its crystal`(rate: Double) {
    var watch = RateWatch(rate: 48_000)
    let found = run(&watch, rate: rate, seconds: 600)
    #expect(found == [])
  }

  @Test(arguments: [8000, 16_000, 32_000, 44_100, 88_200, 96_000, 192_000])
  func `another rate is found within seven seconds, and the old one when it is back`(rate: Int) {
    var watch = RateWatch(rate: 48_000)
    let found = run(&watch, rate: Double(rate) * 1.0002, seconds: 7)
    #expect(found == [rate])
    let again = run(&watch, rate: 48_000, seconds: 9, from: 7_000_000_000)
    #expect(again == [48_000])
  }

  @Test func `a stall, and what was kept coming in at once, is no rate`() {
    var watch = RateWatch(rate: 48_000)
    var now = 0
    for round in 0..<100 {
      let found = run(&watch, rate: 48_000, seconds: 5, from: now)
      #expect(found == [])
      now += 5_000_000_000 + 300_000_000 * (round % 7)
      let isOther = watch.observe(frames: 14_400 * (round % 7), now: MonotonicTime(nanoseconds: now))
      #expect(!isOther)
    }
  }
}
