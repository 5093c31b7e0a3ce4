import Audio
import Glibc
import Testing

@Suite struct LevelMeterTests {
  private let format = PCMFormat(sampleRate: 48_000, channels: 2)

  @Test func `each channel has its peak and RMS of the last whole second`() throws {
    var meter = LevelMeter(format: format)
    let second = (0..<48_000).flatMap { frame -> [Int32] in
      let sine = sin(2 * .pi * 1000 * Double(frame) / 48_000)
      return [Int32(0x1p30 * sine), frame % 2 == 0 ? 1 << 21 : -1 << 21]
    }
    let half = meter.observe(second[..<48_000])
    #expect(!half)
    #expect(meter.levels.isEmpty)
    let whole = meter.observe(second[48_000...])
    #expect(whole)
    let (left, right) = (meter.levels[0], meter.levels[1])
    #expect(abs(left.peak + 6.02) < 0.01 && abs(left.rms + 9.03) < 0.01)
    #expect(abs(right.peak + 60.21) < 0.01 && abs(right.rms + 60.21) < 0.01)
    _ = meter.observe([Int32](repeating: 0, count: 96_000)[...])
    #expect(meter.levels == [Level(peak: -120, rms: -120), Level(peak: -120, rms: -120)])
  }

  @Test func `three samples and more at full scale are clipped, one or two are not`() {
    var meter = LevelMeter(format: PCMFormat(sampleRate: 48_000, channels: 1))
    let top = Int32(Int16.max) << 16
    _ = meter.observe([0, top, top, 0, top, 0, Int32.min, Int32.min, 0][...])
    #expect(meter.clipped == 0)
    // In either direction, over the end of a block.
    _ = meter.observe([0, top, top][...])
    _ = meter.observe([top, top, 0, .min, .min, .min, 0][...])
    #expect(meter.clipped == 7)
  }
}
