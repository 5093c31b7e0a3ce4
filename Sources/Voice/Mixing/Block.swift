/// 480 samples of one channel in memory of their own, which the owner frees. Vectors of eight samples keep the loops short.
struct Block {
  static let vectorCount = Sound.frames / 8
  /// Samples beyond which `levelled` bends them. Quieter sound stays exact.
  private static let knee: Float = 0.8
  /// The largest sample of a voice. The sum of 64 voices and a programme stays below 128.
  private static let largest = SIMD8<Float>(repeating: 1.9)
  /// From 64 to 128 a Float is a multiple of 2^-17, so that adding and subtracting this rounds a sample to such a multiple.
  /// The sums of such samples are exact: a voice that is subtracted from a sum leaves nothing behind.
  private static let rounder = SIMD8<Float>(repeating: 96)

  let vectors: UnsafeMutablePointer<SIMD8<Float>>

  init() {
    vectors = .allocate(capacity: Self.vectorCount)
    vectors.initialize(repeating: .zero, count: Self.vectorCount)
  }

  func free() { vectors.deallocate() }

  var samples: UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(vectors).assumingMemoryBound(to: Float.self)
  }

  func clear() { vectors.update(repeating: .zero, count: Self.vectorCount) }

  func copy(_ other: Block) { vectors.update(from: other.vectors, count: Self.vectorCount) }

  func add(_ other: Block) {
    for index in 0..<Self.vectorCount { vectors[index] += other.vectors[index] }
  }

  func subtract(_ other: Block) {
    for index in 0..<Self.vectorCount { vectors[index] -= other.vectors[index] }
  }

  /// Adds another block with a gain that goes from `before` to `after` within 5 ms.
  func add(_ other: Block, from before: Float, to after: Float) {
    for index in 0..<Self.vectorCount {
      vectors[index] += other.vectors[index] * Self.ramp(index, from: before, to: after)
    }
  }

  /// Multiplies by a gain that goes from `before` to `after` within 5 ms.
  func scale(from before: Float, to after: Float) {
    for index in 0..<Self.vectorCount { vectors[index] *= Self.ramp(index, from: before, to: after) }
  }

  private static let steps = SIMD8<Float>(1, 2, 3, 4, 5, 6, 7, 8) / 240

  /// The gains of eight samples in a ramp of 240 samples.
  @inline(__always) private static func ramp(_ index: Int, from before: Float, to after: Float) -> SIMD8<Float> {
    if index >= 30 || before == after { return SIMD8(repeating: after) }
    return before + (after - before) * (steps + Float(index * 8) / 240)
  }

  /// Makes the samples such that their sums are exact. They are at most 1.9 afterwards, and never NaN.
  func makeExact() {
    for index in 0..<Self.vectorCount {
      // A comparison with NaN is false.
      var vector = vectors[index].replacing(with: 0, where: .!(vectors[index] .== vectors[index]))
      vector.replace(with: Self.largest, where: vector .> Self.largest)
      vector.replace(with: -Self.largest, where: vector .< -Self.largest)
      vectors[index] = (vector + Self.rounder) - Self.rounder
    }
  }

  /// The mean of the squares.
  var power: Float {
    var sum = SIMD8<Float>.zero
    for index in 0..<Self.vectorCount { sum += vectors[index] * vectors[index] }
    return sum.sum() / Float(Sound.frames)
  }

  /// The largest magnitude.
  var peak: Float {
    var (high, low) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
    for index in 0..<Self.vectorCount {
      high.replace(with: vectors[index], where: vectors[index] .> high)
      low.replace(with: vectors[index], where: vectors[index] .< low)
    }
    return Swift.max(high.max(), -low.min())
  }

  /// Bends samples above 0.8 so that none is above 1, as long as any is above 0.8.
  func level() {
    guard peak > Self.knee else { return }
    let room = 1 - Self.knee
    for index in 0..<Sound.frames {
      let sample = samples[index]
      let excess = (abs(sample) - Self.knee) / room
      guard excess > 0 else { continue }
      let bent = Self.knee + room * excess / (1 + excess)
      samples[index] = sample < 0 ? -bent : bent
    }
  }
}
