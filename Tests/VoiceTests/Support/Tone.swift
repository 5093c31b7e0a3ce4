import Glibc

@testable import Voice

/// A sine of 48 kHz.
struct Tone {
  let frequency: Double
  /// Of full scale.
  var amplitude = 0.25

  func sample(_ index: Int) -> Float {
    Float(amplitude * sin(2 * .pi * frequency * Double(index) / Double(Sound.rate)))
  }

  /// The amplitude with which the tone is in some samples.
  static func amplitude(of frequency: Double, in samples: some Collection<Float>) -> Double {
    var (real, imaginary, weights) = (0.0, 0.0, 0.0)
    let count = Double(samples.count)
    for (index, sample) in samples.enumerated() {
      // The window of Blackman and Harris: side lobes 92 dB down.
      let place = 2 * .pi * Double(index) / count
      let weight = 0.35875 - 0.48829 * cos(place) + 0.14128 * cos(2 * place) - 0.01168 * cos(3 * place)
      let angle = 2 * .pi * frequency * Double(index) / Double(Sound.rate)
      real += weight * Double(sample) * cos(angle)
      imaginary += weight * Double(sample) * sin(angle)
      weights += weight
    }
    return 2 * (real * real + imaginary * imaginary).squareRoot() / weights
  }
}
