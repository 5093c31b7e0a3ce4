import Core
import Testing

@Suite struct PeaksTests {
  private let peaks = Peaks(channels: 2, samplesPerSlice: 1152, sampleRate: 48_000, levels: [0, 1, 2, 3, 254, 255])

  @Test func `the binary form is read as it was written`() {
    #expect(Peaks(peaks.bytes[...]) == peaks)
    #expect(peaks.bytes.prefix(12) == [0x70, 0x6B, 0x73, 0x31, 2, 0, 0x04, 0x80, 0, 0, 0xBB, 0x80])
    #expect(peaks.count == 3)
  }

  @Test(
    arguments: [
      [], Array("pks1".utf8), Array("pks2".utf8) + [1, 0, 0, 1, 0, 0, 0, 1],
      Array("pks1".utf8) + [0, 0, 0, 1, 0, 0, 0, 1],
      Array("pks1".utf8) + [1, 0, 0, 0, 0, 0, 0, 1], Array("pks1".utf8) + [1, 0, 0, 1, 0, 0, 0, 0],
      Array("pks1".utf8) + [2, 0, 0, 1, 0, 0, 0, 1, 9],
    ] as [[UInt8]])
  func `other bytes are refused`(bytes: [UInt8]) {
    #expect(Peaks(bytes[...]) == nil)
  }

  @Test func `a coarser outline has the largest levels, and the rest in its last slice`() {
    let coarse = peaks.coarser(by: 2)
    #expect(coarse.levels == [2, 3, 254, 255])
    #expect(coarse.samplesPerSlice == 2304)
  }
}

@Suite struct PeakMeterTests {
  private let half: Int32 = 1 << 30

  @Test func `each slice has the largest magnitude of its own samples, for each channel`() {
    var meter = PeakMeter(channels: 2, inputRate: 100, samplesPerSlice: 2)
    meter.observe([half, 0, -half, 1, .min, 0])
    meter.observe([5, 0, .max, .max])
    let peaks = meter.take(through: 2)
    #expect(peaks.levels == [128, 1, 255, 0])
  }

  @Test func `the sizes of the blocks do not matter`() {
    let sound = (0..<600).map { Int32($0 * 3_000_000) }
    func levels(in size: Int) -> [UInt8] {
      var meter = PeakMeter(channels: 1, inputRate: 44_100, samplesPerSlice: 7, sampleRate: 48_000, delay: 11)
      for start in stride(from: 0, to: sound.count, by: size) {
        meter.observe(sound[start..<min(start + size, sound.count)])
      }
      return meter.take(through: 80).levels
    }
    #expect(levels(in: 1) == levels(in: 600))
    #expect(levels(in: 13) == levels(in: 600))
  }

  @Test func `the sound stands later by the delay`() {
    var meter = PeakMeter(channels: 1, inputRate: 100, samplesPerSlice: 2, delay: 5)
    meter.observe([half, 0, 0, 0])
    #expect(meter.take(through: 4).levels == [0, 0, 128, 0])
  }

  @Test func `slices that are not full have the sound until now, and later ones are silent`() {
    var meter = PeakMeter(channels: 1, inputRate: 100, samplesPerSlice: 4)
    meter.observe([half])
    #expect(meter.take(through: 2).levels == [128, 0])
    meter.observe([half, half, half, half, half, half, half, .min])
    meter.observe([0, 0, 0, 0])
    // The two slices that were taken early are not there a second time.
    #expect(meter.take(through: 3).levels == [255])
  }
}
