/// Keeps the peaks of a stereo signal of 48 kHz below -1 dBTP, those between the samples too. It looks 2 ms ahead, so that its
/// sound comes 2.1 ms late.
final class Limiter {
  /// -1.5 dB: the interpolation finds peaks of high tones only within half a dB.
  private static let ceiling: Float = 0.8414
  /// Samples over which the gain goes down before a peak. A tick is a multiple.
  private static let lookAhead = 96
  /// The share of the way back to full gain that a sample goes: 0.1 s.
  private static let release: Float = 1 / 4800
  /// Samples by which the sound comes late.
  static let delay = lookAhead - 1 + TruePeak.delay

  private let peaks = Block()
  private let (leftPeak, rightPeak) = (TruePeak(), TruePeak())
  /// The last `delay` samples of the ticks before, then those of the tick.
  private let (leftLine, rightLine) = (memory(delay + Sound.frames, of: 0), memory(delay + Sound.frames, of: 0))
  /// The lowest gain from each sample of the last look-ahead to its end.
  private let lowestOnwards = memory(lookAhead, of: 1)
  /// The gains of the last look-ahead: a ring.
  private let recent = memory(lookAhead, of: 1)
  private var gain: Float = 1
  /// Ticks in a row in which no gain was below 1.
  private var calmTicks = 2

  deinit {
    peaks.free()
    for pointer in [leftLine, rightLine, lowestOnwards, recent] { pointer.deallocate() }
  }

  private static func memory(_ count: Int, of value: Float) -> UnsafeMutablePointer<Float> {
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
    memory.initialize(repeating: value, count: count)
    return memory
  }

  /// Limits 480 frames.
  /// - Parameter output: gets the frames interleaved.
  func limit(_ left: Block, _ right: Block, into output: UnsafeMutablePointer<Float>) {
    (leftLine + Self.delay).update(from: left.samples, count: Sound.frames)
    (rightLine + Self.delay).update(from: right.samples, count: Sound.frames)
    findGains(left, right)
    if calmTicks < 2 {
      for start in stride(from: 0, to: Sound.frames, by: Self.lookAhead) { lower(from: start) }
    }
    // Now `peaks` holds the gain of each sample that leaves the lines.
    for index in 0..<Sound.frames {
      let gain = calmTicks < 2 ? peaks.samples[index] : 1
      output[2 * index] = leftLine[index] * gain
      output[2 * index + 1] = rightLine[index] * gain
    }
    leftLine.update(from: leftLine + Sound.frames, count: Self.delay)
    rightLine.update(from: rightLine + Sound.frames, count: Self.delay)
  }

  /// Puts into `peaks` the gain that each sample needs.
  private func findGains(_ left: Block, _ right: Block) {
    peaks.clear()
    leftPeak.raise(peaks, by: left, threshold: Self.ceiling)
    rightPeak.raise(peaks, by: right, threshold: Self.ceiling)
    let isCalm = peaks.peak <= Self.ceiling && gain == 1
    calmTicks = isCalm ? min(calmTicks + 1, 2) : 0
    if calmTicks == 2 { return }
    for index in 0..<Sound.frames {
      peaks.samples[index] = min(1, Self.ceiling / max(peaks.samples[index], Self.ceiling))
    }
  }

  /// Replaces the gains of a look-ahead by the lowest gain of the look-ahead up to each, with a slow way back to 1 and then a
  /// sliding mean. So the gain is down where a peak is, and has no corner.
  private func lower(from start: Int) {
    let gains = peaks.samples + start
    var (lowest, sum) = (Float(1), 0.0)
    for index in 0..<Self.lookAhead { sum += Double(recent[index]) }
    for index in 0..<Self.lookAhead {
      lowest = min(lowest, gains[index])
      let wanted = index + 1 < Self.lookAhead ? min(lowest, lowestOnwards[index + 1]) : lowest
      gain = wanted < gain ? wanted : gain + (wanted - gain) * Self.release
      if gain > 0.9999, wanted == 1 { gain = 1 }
      sum += Double(gain) - Double(recent[index])
      recent[index] = gain
      // The needed gains of this look-ahead are read by the next one.
      lowestOnwards[index] = gains[index]
      gains[index] = Float(sum / Double(Self.lookAhead))
    }
    for index in stride(from: Self.lookAhead - 2, through: 0, by: -1) {
      lowestOnwards[index] = min(lowestOnwards[index], lowestOnwards[index + 1])
    }
  }
}
