import Glibc
import Testing

@testable import Voice

@Suite struct LoudnessTests {
  /// "If a 0 dB FS, 997 Hz sine wave is applied to the left, centre, or right channel input, the indicated loudness will equal
  /// -3.01 LKFS" (ITU-R BS.1770-4 Annex 1).
  @Test func `a tone of full scale has the loudness of the standard`() {
    let (left, right) = (Block(), Block())
    defer {
      left.free()
      right.free()
    }
    var (weighting, sum) = (KWeighting(), 0.0)
    let tone = Tone(frequency: 997, amplitude: 1)
    for tick in 0..<200 {
      for index in 0..<480 { left.samples[index] = tone.sample(480 * tick + index) }
      let power = weighting.power(left, right)
      if tick >= 100 { sum += power / 100 }
    }
    #expect(abs(-0.691 + 10 * log10(sum) + 3.01) < 0.02)
  }

  /// A rider that has heard a tone in both channels for some time.
  private func ride(_ rider: inout GainRider, amplitude: Double, ticks: Int) {
    let block = Block()
    defer { block.free() }
    let tone = Tone(frequency: 997, amplitude: amplitude)
    for tick in 0..<ticks {
      for index in 0..<480 { block.samples[index] = tone.sample(480 * tick + index) }
      rider.observe(block, block)
    }
  }

  /// A tone in both channels has a loudness of its level, 20 log10 of its amplitude.
  @Test(arguments: [(-20.0, 0.0), (-26, 6), (-14, -6), (-31, 11), (-38, 12), (-3, -12), (-60, 0)])
  func `the gain goes towards minus 20 LUFS`(loudness: Double, gain: Double) {
    var rider = GainRider()
    ride(&rider, amplitude: pow(10, loudness / 20), ticks: 400)
    #expect(abs(rider.gain - gain) < 0.15)
  }

  @Test func `the gain moves in 3 seconds`() {
    var rider = GainRider()
    ride(&rider, amplitude: 0.1, ticks: 1000)
    ride(&rider, amplitude: 0.05, ticks: 300)
    #expect((2.0...5.9).contains(rider.gain))
    ride(&rider, amplitude: 0.05, ticks: 900)
    #expect(abs(rider.gain - 6.02) < 0.6)
  }

  /// The noise of a room in a pause, 20 dB below the voice and far above digital silence, is not made louder.
  @Test func `the pause keeps the gain`() {
    var rider = GainRider()
    ride(&rider, amplitude: 0.06, ticks: 800)
    let before = rider.gain
    ride(&rider, amplitude: 0.006, ticks: 3000)
    #expect(abs(rider.gain - before) < 0.3)
    for _ in 0..<1000 { rider.observeSilence() }
    #expect(abs(rider.gain - before) < 0.3)
  }

  @Test func `the gain is applied only where it is wanted`() {
    let room = TestRoom()
    room.addTalker(1, Tone(frequency: 1000, amplitude: 0.05).sample)
    room.addListener(2)
    room.run(ticks: 600)
    room.forget()
    room.run(ticks: 50)
    #expect(abs(Tone.amplitude(of: 1000, in: room.samples(2)) - 0.05) < 0.001)
    room.change(1) { $0.ridesGain = true }
    room.run(ticks: 2)
    room.forget()
    room.run(ticks: 50)
    #expect(abs(Tone.amplitude(of: 1000, in: room.samples(2)) - 0.1) < 0.005)
  }

  @Test func `the level is that of the last 200 milliseconds`() {
    var meter = VoiceMeter()
    #expect(meter.level == -120 && !meter.isTalking)
    for _ in 0..<20 { meter.observe(power: 0.01) }
    #expect(abs(meter.level + 20) < 0.001 && meter.isTalking)
    for _ in 0..<10 { meter.observe(power: 0) }
    #expect(abs(meter.level + 23.01) < 0.01 && meter.isTalking)
    for _ in 0..<30 { meter.observe(power: 0) }
    #expect(meter.level == -120 && meter.isTalking)
    for _ in 0..<20 { meter.observe(power: 0) }
    #expect(!meter.isTalking)
  }
}
