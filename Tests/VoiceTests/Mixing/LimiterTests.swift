import Glibc
import Testing

@testable import Voice

@Suite struct LimiterTests {
  /// -1 dB.
  private static let ceiling: Float = 0.8913

  /// Both channels after the limiter.
  private func limit(ticks: Int = 30, _ sound: (Int) -> (Float, Float)) -> [[Float]] {
    let (limiter, left, right) = (Limiter(), Block(), Block())
    defer {
      left.free()
      right.free()
    }
    var output = [[Float](), []]
    var frames = [Float](repeating: 0, count: 960)
    for tick in 0..<ticks {
      for index in 0..<480 { (left.samples[index], right.samples[index]) = sound(480 * tick + index) }
      frames.withUnsafeMutableBufferPointer { limiter.limit(left, right, into: $0.baseAddress!) }
      for index in 0..<480 {
        output[0].append(frames[2 * index])
        output[1].append(frames[2 * index + 1])
      }
    }
    return output
  }

  /// The highest magnitude of a band-limited signal at 16 times its rate.
  private func truePeak(_ samples: [Float]) -> Float {
    let half = 24
    var peak: Float = 0
    for step in 0..<16 {
      let taps = (-half + 1...half).map { tap -> Float in
        let distance = Double(tap) - Double(step) / 16
        guard abs(distance) > 1e-9 else { return 1 }
        let window = 0.5 + 0.5 * cos(.pi * distance / Double(half + 1))
        return Float(sin(.pi * distance) / (.pi * distance) * window)
      }
      for index in half..<(samples.count - half) {
        var sum: Float = 0
        for tap in 0..<(2 * half) { sum += samples[index - half + 1 + tap] * taps[tap] }
        peak = max(peak, abs(sum))
      }
    }
    return peak
  }

  @Test func `a quiet sound passes unchanged`() {
    var random = TestRandom(seed: 1)
    let sound = (0..<14_400).map { _ in Float.random(in: -0.3...0.3, using: &random) }
    let output = limit { (sound[$0], -sound[$0]) }
    #expect(Array(output[0].dropFirst(Limiter.delay)) == Array(sound.dropLast(Limiter.delay)))
    #expect(output[1] == output[0].map { -$0 })
  }

  /// Tones whose peaks lie between the samples, very loud.
  @Test(arguments: [30.0, 440, 997, 5000, 11_025, 12_000, 15_000, 19_000], [0.9, 1.4, 30])
  func `no peak of a tone is above the ceiling`(frequency: Double, amplitude: Double) {
    let output = limit { index in
      let angle = 2 * .pi * frequency * Double(index) / 48_000 + .pi / 4
      return (Float(amplitude * sin(angle)), Float(0.5 * amplitude * cos(angle)))
    }
    for channel in output { #expect(truePeak(channel) <= Self.ceiling) }
  }

  /// Noise, a square wave, clicks, a click in each of the two channels, bursts, the highest tone that there is.
  @Test(arguments: 0..<6)
  func `no peak is above the ceiling`(kind: Int) {
    var random = TestRandom(seed: 9)
    let output = limit { index in
      switch kind {
      case 0: (Float.random(in: -4...4, using: &random), Float.random(in: -1...1, using: &random))
      case 1: (index / 55 % 2 == 0 ? 1.5 : -1.5, index / 400 % 2 == 0 ? 1 : -1)
      case 2: (index % 1000 == 0 ? 20 : 0, index % 97 == 0 ? -2 : 0)
      case 3: (index % 960 == 479 ? 5 : 0, index % 960 == 480 ? 5 : 0)
      case 4: (index / 700 % 3 == 0 ? Float(2 * sin(Double(index))) : 0.1, 0)
      default: (index % 2 == 0 ? 1 : -1, index % 4 < 2 ? 1 : -1)
      }
    }
    // Interpolation near half the sample rate needs endless taps. Clicks and squares are not band-limited.
    for channel in output { #expect(truePeak(channel) <= (kind == 4 ? Self.ceiling : 0.95)) }
    for channel in output { #expect(channel.allSatisfy { abs($0) <= Self.ceiling }) }
  }

  @Test func `the gain comes back`() {
    let output = limit(ticks: 120) { index in
      let sample = Tone(frequency: 1000, amplitude: index < 9600 ? 2 : 0.5).sample(index)
      return (sample, sample)
    }
    #expect(Tone.amplitude(of: 1000, in: output[0][4800..<9600]) < 0.8913)
    #expect(abs(Tone.amplitude(of: 1000, in: output[0].suffix(4800)) - 0.5) < 0.002)
  }
}
