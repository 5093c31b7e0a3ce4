import Glibc

/// Measures the level of a voice, and whether somebody talks.
struct VoiceMeter {
  /// Ticks of the measured time: 200 ms.
  private static let ticks = 20
  /// dBFS above which somebody talks, and below which he has ended.
  private static let (begin, end) = (-45.0, -50.0)
  /// Ticks below the lower level after which the talk has ended: 0.3 s.
  private static let hold = 30
  static let lowest = -120.0

  /// The power of the last ticks; the other places stay zero.
  private var powers = SIMD32<Float>.zero
  private var index = 0
  private var quietTicks = 0
  private(set) var isTalking = false

  /// RMS of the last 200 ms in dBFS, from -120 to 0.
  var level: Double {
    let power = Double(powers.sum()) / Double(Self.ticks)
    return power <= 0 ? Self.lowest : max(Self.lowest, min(0, 10 * log10(power)))
  }

  /// Takes the mean square of the next tick.
  mutating func observe(power: Float) {
    powers[index] = power
    index = (index + 1) % Self.ticks
    let level = level
    if level > Self.begin {
      (isTalking, quietTicks) = (true, 0)
    } else if level < Self.end {
      quietTicks += 1
      if quietTicks >= Self.hold { isTalking = false }
    } else {
      quietTicks = 0
    }
  }
}
