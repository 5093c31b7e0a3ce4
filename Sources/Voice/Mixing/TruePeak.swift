import Glibc

/// Finds the peaks of a signal between its samples too, by interpolating three samples between each two (ITU-R BS.1770-4
/// Annex 2).
final class TruePeak {
  static let taps = 16
  /// Samples by which a peak is told late.
  static let delay = taps / 2

  /// The taps for a quarter, a half and three quarters of a sample.
  private let rows: UnsafeMutablePointer<Float>
  /// No peak is higher than the highest sample times this.
  private let gain: Float
  /// The last samples of the blocks before, then a block.
  private let samples: UnsafeMutablePointer<Float>
  private var pastPeak: Float = 0

  init() {
    rows = .allocate(capacity: 3 * Self.taps)
    samples = .allocate(capacity: Self.taps + Sound.frames)
    samples.initialize(repeating: 0, count: Self.taps + Sound.frames)
    var largest = 1.0
    for row in 0..<3 {
      var (sum, magnitude) = (0.0, 0.0)
      let values = (0..<Self.taps).map { tap in
        let distance = Double(tap - Self.taps / 2 + 1) - Double(row + 1) / 4
        let window = 0.5 + 0.5 * cos(.pi * distance / Double(Self.taps / 2))
        return sin(.pi * distance) / (.pi * distance) * window
      }
      for value in values { (sum, magnitude) = (sum + value, magnitude + abs(value)) }
      for tap in 0..<Self.taps { rows[row * Self.taps + tap] = Float(values[tap] / sum) }
      largest = max(largest, magnitude / sum)
    }
    gain = Float(largest)
  }

  deinit {
    rows.deallocate()
    samples.deallocate()
  }

  /// Raises `peaks` to the magnitudes of the signal around each sample, eight samples late.
  /// - Parameter threshold: lower peaks need not be found.
  func raise(_ peaks: Block, by block: Block, threshold: Float) {
    let start = samples + Self.taps
    UnsafeMutableRawPointer(start).copyMemory(from: block.vectors, byteCount: Sound.frames * 4)
    defer { samples.update(from: samples + Sound.frames, count: Self.taps) }
    let peak = block.peak
    let highest = max(peak, pastPeak)
    pastPeak = peak
    guard highest * gain > threshold else { return }
    let past = UnsafeRawPointer(samples)
    for vector in 0..<Block.vectorCount {
      // The interpolated samples lie after the sample that the eighth tap meets.
      let first = past + 4 * (8 * vector + 1)
      var (one, two, three) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
      for tap in 0..<Self.taps {
        let input = first.loadUnaligned(fromByteOffset: 4 * tap, as: SIMD8<Float>.self)
        one += input * rows[tap]
        two += input * rows[Self.taps + tap]
        three += input * rows[2 * Self.taps + tap]
      }
      let sample = first.loadUnaligned(fromByteOffset: 4 * (Self.taps / 2 - 1), as: SIMD8<Float>.self)
      var peak = peaks.vectors[vector]
      raise(&peak, one)
      raise(&peak, two)
      raise(&peak, three)
      raise(&peak, sample)
      peaks.vectors[vector] = peak
    }
  }

  @inline(__always) private func raise(_ peak: inout SIMD8<Float>, _ value: SIMD8<Float>) {
    peak.replace(with: value, where: value .> peak)
    peak.replace(with: -value, where: -value .> peak)
  }
}
