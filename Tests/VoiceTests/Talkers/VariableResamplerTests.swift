import Glibc
import Testing

@testable import Voice

@Suite struct VariableResamplerTests {
  /// Plays a tone at a speed.
  private func play(_ tone: Tone, ratio: Double, ticks: Int = 60) -> [Float] {
    let (resampler, block) = (VariableResampler(), Block())
    defer { block.free() }
    var (position, output) = (0, [Float]())
    for _ in 0..<ticks {
      while !resampler.isReady(ratio: ratio) {
        for index in 0..<480 { resampler.room.left[index] = tone.sample(position + index) }
        position += 480
        resampler.append()
      }
      resampler.play(ratio: ratio, left: block, right: block)
      output += (0..<480).map { block.samples[$0] }
    }
    return output
  }

  @Test(arguments: [1.0, 1.005, 0.995, 1.0002], [100.0, 1000, 5000, 15_000])
  func `a tone keeps its level and becomes higher by the ratio`(ratio: Double, frequency: Double) {
    let output = play(Tone(frequency: frequency), ratio: ratio)
    let samples = Array(output.dropFirst(4800).prefix(9600))
    #expect(abs(Tone.amplitude(of: frequency * ratio, in: samples) - 0.25) < 0.002)
    // All the rest is more than 70 dB below the tone.
    var rest = samples
    let (real, imaginary) = Self.fit(samples, frequency * ratio)
    for index in rest.indices {
      let angle = 2 * Double.pi * frequency * ratio * Double(index) / 48_000
      rest[index] -= Float(real * cos(angle) + imaginary * sin(angle))
    }
    let power = rest.reduce(0) { $0 + Double($1) * Double($1) } / Double(rest.count)
    #expect(power.squareRoot() < 0.25 * 0.7071 * 3.2e-4)
  }

  @Test func `no sample is lost or doubled`() {
    let resampler = VariableResampler()
    let block = Block()
    defer { block.free() }
    for (ratio, ticks) in [(1.005, 500), (0.995, 500), (1.0, 500)] {
      var given = 0
      let before = resampler.queued
      for _ in 0..<ticks {
        while !resampler.isReady(ratio: ratio) {
          resampler.append()
          given += 480
        }
        resampler.play(ratio: ratio, left: block, right: block)
      }
      #expect(abs(before + Double(given) - resampler.queued - 480 * ratio * Double(ticks)) < 0.001)
    }
  }

  private static func fit(_ samples: [Float], _ frequency: Double) -> (Double, Double) {
    var (cc, ss, cs, xc, xs) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (index, sample) in samples.enumerated() {
      let angle = 2 * Double.pi * frequency * Double(index) / 48_000
      let (c, s) = (cos(angle), sin(angle))
      (cc, ss, cs) = (cc + c * c, ss + s * s, cs + c * s)
      (xc, xs) = (xc + Double(sample) * c, xs + Double(sample) * s)
    }
    let determinant = cc * ss - cs * cs
    return ((xc * ss - xs * cs) / determinant, (xs * cc - xc * cs) / determinant)
  }
}
