import Glibc

/// Plays samples at a speed that is up to half a per cent off: polyphase interpolation with 32 taps, 128 phases and linear
/// interpolation between phases. The samples wait in a queue of its own.
final class VariableResampler {
  static let taps = 32
  private static let phases = 128
  private static let capacity = 4 * Sound.frames
  /// The cut-off frequency as a share of half the sample rate.
  private static let cutOff = 0.92
  /// The shape of the Kaiser window: side lobes some 80 dB down.
  private static let beta = 8.0

  /// The taps of each phase, and once more those of phase 0 a sample later. Nobody writes the table after its beginning, so
  /// that all threads may read it.
  nonisolated(unsafe) private static let table: UnsafeMutablePointer<Float> = {
    let table = UnsafeMutablePointer<Float>.allocate(capacity: (phases + 1) * taps)
    for phase in 0...phases {
      let row = table + phase * taps
      var sum = 0.0
      for tap in 0..<taps {
        let distance = Double(tap - taps / 2 + 1) - Double(phase) / Double(phases)
        let value = sinc(cutOff * distance) * kaiser(distance / Double(taps / 2))
        row[tap] = Float(value)
        sum += value
      }
      for tap in 0..<taps { row[tap] = Float(Double(row[tap]) / sum) }
    }
    return table
  }()

  private let rows = table
  private let left = UnsafeMutablePointer<Float>.allocate(capacity: capacity)
  private let right = UnsafeMutablePointer<Float>.allocate(capacity: capacity)
  /// Four sums for each sample that is played.
  private let sums = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: Sound.frames)
  private var count = 0
  /// The place of the next sample to play: the first tap is at its whole part.
  private var position = 0.0
  private(set) var isStereo = false

  init() {
    sums.initialize(repeating: .zero, count: Sound.frames)
    left.initialize(repeating: 0, count: Self.capacity)
    right.initialize(repeating: 0, count: Self.capacity)
    reset()
  }

  deinit {
    sums.deallocate()
    left.deallocate()
    right.deallocate()
  }

  /// Forgets all samples. Half the taps lie before the first sample.
  func reset() {
    count = Self.taps / 2 - 1
    left.update(repeating: 0, count: count)
    right.update(repeating: 0, count: count)
    (position, isStereo) = (0, false)
  }

  /// Samples that wait to be played.
  var queued: Double { Double(count - Self.taps / 2 + 1) - position }

  /// Whether 480 samples can be played.
  func isReady(ratio: Double) -> Bool {
    Int(position + ratio * Double(Sound.frames - 1)) + Self.taps <= count && queued >= ratio * Double(Sound.frames)
  }

  /// Leaves samples out before the next one that is played.
  func skip(_ samples: Int) { position += Double(min(samples, max(0, Int(queued)))) }

  /// Room for 480 samples of each channel; the second channel is used if the sound is stereo. `append` makes them count.
  var room: (left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>) { (left + count, right + count) }

  /// Makes the 480 samples count that were written into the room.
  func append() { count += Sound.frames }

  /// Changes the number of channels.
  func setStereo(_ stereo: Bool) {
    if stereo, !isStereo { right.update(from: left, count: count) }
    isStereo = stereo
  }

  /// Plays 480 samples.
  func play(ratio: Double, left first: Block, right second: Block) {
    resample(left, ratio, into: first.samples)
    if isStereo { resample(right, ratio, into: second.samples) }
    position += ratio * Double(Sound.frames)
    let used = min(Int(position), count)
    left.update(from: left + used, count: count - used)
    if isStereo { right.update(from: right + used, count: count - used) }
    count -= used
    position -= Double(used)
  }

  private func resample(_ input: UnsafeMutablePointer<Float>, _ ratio: Double, into output: UnsafeMutablePointer<Float>)
  {
    for index in 0..<Sound.frames {
      let place = position + ratio * Double(index)
      let whole = Int(place)
      let phase = Float(place - Double(whole)) * Float(Self.phases)
      let row = min(Int(phase), Self.phases - 1)
      let share = phase - Float(row)
      let before = UnsafeRawPointer(rows + row * Self.taps)
      let after = UnsafeRawPointer(rows + (row + 1) * Self.taps)
      let samples = UnsafeRawPointer(input + whole)
      // To interpolate the two sums costs less than to interpolate each tap.
      var (first, second) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
      for part in 0..<(Self.taps / 4) {
        let input = samples.loadUnaligned(fromByteOffset: part * 16, as: SIMD4<Float>.self)
        first += before.loadUnaligned(fromByteOffset: part * 16, as: SIMD4<Float>.self) * input
        second += after.loadUnaligned(fromByteOffset: part * 16, as: SIMD4<Float>.self) * input
      }
      sums[index] = first + (second - first) * share
    }
    // In a loop of its own, this addition does not keep the compiler from computing with whole vectors above.
    for index in 0..<Sound.frames {
      let pair = sums[index].lowHalf + sums[index].highHalf
      output[index] = pair.x + pair.y
    }
  }

  private static func sinc(_ value: Double) -> Double {
    value == 0 ? 1 : sin(.pi * value) / (.pi * value)
  }

  /// - Parameter place: from -1 to 1, the ends of the window.
  private static func kaiser(_ place: Double) -> Double {
    abs(place) >= 1 ? 0 : bessel(beta * (1 - place * place).squareRoot()) / bessel(beta)
  }

  /// The modified Bessel function of the first kind of order 0.
  private static func bessel(_ value: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for step in 1...30 {
      term *= (value / 2 / Double(step)) * (value / 2 / Double(step))
      sum += term
    }
    return sum
  }
}
