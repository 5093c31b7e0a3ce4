import Glibc

/// How loud the sound of one channel is, relative to full scale.
package struct Level: Equatable, Sendable {
  /// dBFS, from -120 to 0; a sine of full scale has a peak of 0 and an RMS of -3.
  package let peak: Double
  package let rms: Double

  package init(peak: Double, rms: Double) {
    (self.peak, self.rms) = (peak, rms)
  }
}

/// Measures sound as it goes by: the level of each second, and the clipped samples.
package struct LevelMeter: Sendable {
  /// The highest sample of 16 bits. One or two of them in a row may be music; more are clipped.
  private static let fullScale: UInt32 = 0x7FFF_0000
  private static let shortestClip = 3

  private struct Channel {
    var peak: UInt32 = 0
    var power = 0.0
    /// Samples at full scale in a row.
    var run = 0
  }

  private let format: PCMFormat
  private var channels: [Channel]
  private var frames = 0
  /// The level of each channel in the last whole second; empty before the end of the first.
  package private(set) var levels: [Level] = []
  /// Samples clipped since the beginning, in runs of three and more.
  package private(set) var clipped = 0

  package init(format: PCMFormat) {
    self.format = format
    channels = [Channel](repeating: Channel(), count: format.channels)
  }

  /// Takes the interleaved frames that follow, at full scale 2^31.
  /// - Returns: true where that makes a second whole.
  package mutating func observe(_ block: ArraySlice<Int32>) -> Bool {
    for channel in 0..<format.channels {
      var state = channels[channel]
      for index in stride(from: block.startIndex + channel, to: block.endIndex, by: format.channels) {
        let magnitude = block[index].magnitude
        state.peak = max(state.peak, magnitude)
        state.power += Double(magnitude) * Double(magnitude)
        guard magnitude >= Self.fullScale else {
          state.run = 0
          continue
        }
        state.run += 1
        if state.run >= Self.shortestClip { clipped += state.run == Self.shortestClip ? Self.shortestClip : 1 }
      }
      channels[channel] = state
    }
    frames += block.count / format.channels
    guard frames >= format.sampleRate else { return false }
    endSecond()
    return true
  }

  private mutating func endSecond() {
    levels = channels.map {
      Level(peak: decibels(Double($0.peak) / 0x1p31), rms: decibels(($0.power / Double(frames)).squareRoot() / 0x1p31))
    }
    for channel in channels.indices {
      channels[channel].peak = 0
      channels[channel].power = 0
    }
    frames = 0
  }
}

private func decibels(_ value: Double) -> Double {
  max(-120, 20 * log10(value))
}
