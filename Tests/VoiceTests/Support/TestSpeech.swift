import Glibc

@testable import Voice

/// Sound that rises and falls like speech: syllables of 80 to 250 ms with changing colour, and pauses between phrases.
struct TestSpeech {
  private let frequencies = [180.0, 300, 520, 800, 1200, 1900, 2700]
  private var random: TestRandom
  private var left = 0
  private var length = 1
  private var levels = [Double](repeating: 0, count: 7)
  private var position = 0
  private var syllables = 0

  init(seed: UInt64) { random = TestRandom(seed: seed) }

  /// The next 480 samples.
  mutating func next() -> [Float] { (0..<480).map { _ in sample() } }

  private mutating func sample() -> Float {
    if left == 0 { begin() }
    left -= 1
    position += 1
    let envelope = pow(sin(.pi * Double(left) / Double(length)), 0.5)
    var sum = 0.0
    for (index, frequency) in frequencies.enumerated() where levels[index] > 0 {
      sum += levels[index] * sin(2 * .pi * frequency * Double(position) / 48_000 + Double(index))
    }
    return Float(sum * max(0, envelope) + Double.random(in: -0.0003...0.0003, using: &random))
  }

  private mutating func begin() {
    length = Int.random(in: 3840..<12_000, using: &random)
    left = length
    syllables -= 1
    if syllables == 0 {
      // A pause.
      (length, left) = (length * 3, left * 3)
      levels = levels.map { _ in 0 }
      return
    }
    if syllables < 0 { syllables = Int.random(in: 3..<14, using: &random) }
    levels = levels.map { _ in 0.08 * pow(10, Double.random(in: -1.5...0, using: &random)) }
  }
}
