import Glibc

/// Steers the gain of a voice so that the voice has a loudness of -20 LUFS (ITU-R BS.1770-4), by at most 12 dB up or down. A
/// mono voice counts as heard from both loudspeakers. In pauses the gain stays where it is, so that no noise comes up.
struct GainRider {
  static let target = -20.0
  private static let limit = 12.0
  /// Ticks of a piece whose loudness is measured: 100 ms.
  private static let ticks = 10
  /// Pieces over which the loudness is averaged: 3 s of speech.
  private static let pieces = 30.0
  /// LUFS below which a piece is a pause, and the distance below the average that is one too.
  private static let gate = -45.0
  private static let relativeGate = 12.0
  /// dB a tick: 12 a second down, 6 up.
  private static let (fall, rise) = (0.12, 0.06)

  private var weighting = KWeighting()
  private var sum = 0.0
  private var summed = 0
  /// The mean square of speech, and the pieces that it has seen.
  private var average = 0.0
  private var seen = 0.0
  /// dB.
  private(set) var gain = 0.0

  /// Takes the next 480 samples of each channel before the gain.
  mutating func observe(_ left: Block, _ right: Block) {
    sum += weighting.power(left, right)
    advance()
  }

  /// Takes 10 ms of silence.
  mutating func observeSilence() {
    weighting.reset()
    advance()
  }

  private mutating func advance() {
    summed += 1
    if summed == Self.ticks {
      judge(sum / Double(Self.ticks))
      (sum, summed) = (0, 0)
    }
    guard seen > 0 else { return }
    let wanted = max(-Self.limit, min(Self.limit, Self.target - Self.loudness(average)))
    gain += max(-Self.fall, min(Self.rise, wanted - gain))
  }

  private mutating func judge(_ power: Double) {
    let loudness = Self.loudness(power)
    guard loudness > Self.gate, seen == 0 || loudness > Self.loudness(average) - Self.relativeGate else { return }
    seen = min(seen + 1, Self.pieces)
    average += (power - average) / seen
  }

  private static func loudness(_ power: Double) -> Double { power > 0 ? -0.691 + 10 * log10(power) : -200 }
}
