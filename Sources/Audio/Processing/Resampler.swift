import Glibc

/// Converts PCM from one rate and channel count to another, block by block, by a windowed sinc.
package struct Resampler: Sendable {
  /// Zero crossings of the sinc on either side of its middle.
  private static let crossings = 16
  /// The filter's edge, as a fraction of the lower rate's bandwidth.
  private static let edge = 0.92

  private let input: PCMFormat
  private let output: PCMFormat
  /// Output frame `n` lies at input frame `n × step / phases`.
  private let step: Int
  private let phases: Int
  /// Input frames that each output frame is computed from.
  private let taps: Int
  /// A row of `taps` a phase.
  private let table: [Float]
  /// Input frames that are still needed, with the output's channels.
  private var kept: [Float]
  /// The place of the next output frame in `kept`, in units of 1 / `phases` frames.
  private var place = 0

  /// The most rows of a table. The table for 11,025 Hz to 192,000 Hz has 2560 rows.
  private static let mostPhases = 4000

  /// Whether the rates can be converted with a table of a reasonable size. A table that is too large would take too much
  /// memory, and the time of the thread that computes the table.
  package static func canConvert(from input: PCMFormat, to output: PCMFormat) -> Bool {
    input.sampleRate == output.sampleRate
      || output.sampleRate / greatestCommonDivisor(input.sampleRate, output.sampleRate) <= mostPhases
  }

  package init(from input: PCMFormat, to output: PCMFormat) {
    (self.input, self.output) = (input, output)
    let divisor = greatestCommonDivisor(input.sampleRate, output.sampleRate)
    let (step, phases) = (input.sampleRate / divisor, output.sampleRate / divisor)
    // Downwards the filter is as much longer as its edge is lower.
    let ratio = Double(output.sampleRate) / Double(input.sampleRate)
    let scale = ratio == 1 ? 1 : min(1, ratio) * Self.edge
    let half = Int((Double(Self.crossings) / scale).rounded(.up))
    table = (0..<phases).flatMap { phase -> [Float] in
      let row = (0..<2 * half).map { tap -> Double in
        let distance = Double(tap - half + 1) - Double(phase) / Double(phases)
        let window = 0.5 + 0.5 * cos(.pi * distance / Double(half))
        return sinc(distance * scale) * window
      }
      // Each phase passes a constant unchanged.
      let sum = row.reduce(0, +)
      return row.map { Float($0 / sum) }
    }
    self.step = step
    self.phases = phases
    taps = 2 * half
    // The first output frame has silence before it.
    kept = [Float](repeating: 0, count: (half - 1) * output.channels)
  }

  /// Converts the frames that follow the last. The result is as long as the input to within about a frame, and lags by
  /// `crossings` frames of the lower rate.
  package mutating func convert(_ block: [Int32]) -> [Int32] {
    mix(block)
    let (channels, frames) = (output.channels, kept.count / output.channels)
    var converted: [Int32] = []
    var place = place
    kept.withUnsafeBufferPointer { kept in
      table.withUnsafeBufferPointer { table in
        while place / phases + taps <= frames {
          let (first, row) = (place / phases, place % phases * taps)
          for channel in 0..<channels {
            var sum: Float = 0
            for tap in 0..<taps { sum += kept[(first + tap) * channels + channel] * table[row + tap] }
            converted.append(Int32(exactly: sum.rounded()) ?? (sum < 0 ? .min : .max))
          }
          place += step
        }
      }
    }
    let done = min(place / phases, frames)
    kept.removeFirst(done * channels)
    self.place = place - done * phases
    return converted
  }

  /// The frames that come after the last block, where silence follows.
  package mutating func finish() -> [Int32] {
    convert([Int32](repeating: 0, count: taps / 2 * input.channels))
  }

  /// Appends the block to `kept`, one channel copied to both or both mixed to one.
  private mutating func mix(_ block: [Int32]) {
    switch (input.channels, output.channels) {
    case (1, 2): for sample in block { kept += [Float(sample), Float(sample)] }
    case (2, 1):
      for frame in stride(from: 0, to: block.count, by: 2) {
        kept.append((Float(block[frame]) + Float(block[frame + 1])) / 2)
      }
    default: for sample in block { kept.append(Float(sample)) }
    }
  }
}

private func sinc(_ x: Double) -> Double {
  x == 0 ? 1 : sin(.pi * x) / (.pi * x)
}

func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
  right == 0 ? left : greatestCommonDivisor(right, left % right)
}
