import Glibc

/// The loudness of a voice in four bands between 200 and 3500 Hz, every 5 ms, in dB around its own slow mean.
struct EchoBands {
  /// Values a tick.
  static let perTick = 2
  /// Samples that are averaged to one: 8 kHz are left.
  private static let decimation = 6
  /// Samples of 8 kHz in 5 ms.
  private static let hop = 40
  /// The power of -70 dBFS, below which all is silence.
  private static let floor = SIMD4<Float>(repeating: 1e-7)
  private static let meanSmoothing: Float = 1 / 24
  /// dB. The fall into a pause must not count for more than the syllables.
  private static let largest = SIMD4<Float>(repeating: 10)
  private static let (b0, a1, a2) = coefficients

  private var first = SIMD4<Float>.zero
  private var second = SIMD4<Float>.zero
  private var mean = SIMD4<Float>.zero
  private var hasMean = false

  /// Band passes at 280, 600, 1250 and 2600 Hz with a width of an octave (RBJ's constant 0 dB peak gain).
  private static let coefficients: (b0: SIMD4<Float>, a1: SIMD4<Float>, a2: SIMD4<Float>) = {
    var (b0, a1, a2) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
    for (band, frequency) in [280.0, 600, 1250, 2600].enumerated() {
      let angle = 2 * .pi * frequency / 8000
      let alpha = sin(angle) / (2 * 1.41)
      b0[band] = Float(alpha / (1 + alpha))
      a1[band] = Float(-2 * cos(angle) / (1 + alpha))
      a2[band] = Float((1 - alpha) / (1 + alpha))
    }
    return (b0, a1, a2)
  }()

  /// Takes 480 samples.
  /// - Returns: the values of two times 5 ms.
  mutating func observe(_ block: Block) -> (SIMD4<Float>, SIMD4<Float>) {
    (value(block.samples), value(block.samples + Self.hop * Self.decimation))
  }

  private mutating func value(_ samples: UnsafePointer<Float>) -> SIMD4<Float> {
    var sum = SIMD4<Float>.zero
    for index in 0..<Self.hop {
      let start = samples + index * Self.decimation
      let input = (start[0] + start[1] + start[2] + start[3] + start[4] + start[5]) / Float(Self.decimation)
      // The middle coefficient of a band pass is zero, and the last is the first, negated.
      let output = Self.b0 * input + first
      first = second - Self.a1 * output
      second = -(Self.b0 * input) - Self.a2 * output
      sum += output * output
    }
    // Without this, the filters of a silent voice would compute with numbers that processors handle slowly.
    first.replace(with: 0, where: first * first .< 1e-20)
    second.replace(with: 0, where: second * second .< 1e-20)
    var level = sum / Float(Self.hop) + Self.floor
    for band in 0..<4 { level[band] = 10 * log10f(level[band]) }
    if !hasMean { (mean, hasMean) = (level, true) }
    mean += (level - mean) * Self.meanSmoothing
    return (level - mean).clamped(lowerBound: -Self.largest, upperBound: Self.largest)
  }
}
