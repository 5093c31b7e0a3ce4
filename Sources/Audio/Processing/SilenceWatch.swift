import Core

/// Notices when a source has gone silent, and when there is sound again. It has no clock: time is a count of frames.
package struct SilenceWatch: Sendable {
  /// The RMS of a block relative to full scale: -60 dBFS. A block that is below it in every channel is silence.
  package static let threshold = 0.001
  /// The length of sound, without a pause of `longestPause`, that ends a silence. A click does not.
  private static let shortestSound = Duration.milliseconds(500)
  private static let longestPause = Duration.seconds(1)

  package enum Change: Equatable, Sendable {
    case silent
    case soundBack
  }

  private let format: PCMFormat
  /// `shortestSound`, `longestPause` and the length of a silence that is an alarm, in frames.
  private let soundLimit: Int
  private let pauseLimit: Int
  private let silenceLimit: Int
  package private(set) var isSilent = false
  /// Frames since the last sound that was long enough.
  private var silence = 0
  /// Frames of sound since the last pause that was too long.
  private var sound = 0
  /// Frames of the present pause.
  private var pause = 0

  /// - Parameter length: of a silence that counts as one.
  package init(format: PCMFormat, alarmAfter length: Duration) {
    self.format = format
    soundLimit = Self.shortestSound.samples(rate: format.sampleRate)
    pauseLimit = Self.longestPause.samples(rate: format.sampleRate)
    silenceLimit = length.samples(rate: format.sampleRate)
  }

  /// Takes the interleaved frames that follow, at full scale 2^31.
  package mutating func observe(_ block: [Int32]) -> Change? {
    let frames = block.count / format.channels
    silence += frames
    if isLoud(block) {
      sound += frames
      pause = 0
      if sound >= soundLimit { silence = 0 }
    } else {
      pause += frames
      if pause >= pauseLimit { sound = 0 }
    }
    let wasSilent = isSilent
    isSilent = silence >= silenceLimit
    return isSilent == wasSilent ? nil : isSilent ? .silent : .soundBack
  }

  private func isLoud(_ block: [Int32]) -> Bool {
    let limit = Self.threshold * 0x1p31
    return (0..<format.channels).contains { channel in
      var power = 0.0
      for index in stride(from: channel, to: block.count, by: format.channels) {
        power += Double(block[index]) * Double(block[index])
      }
      return power * Double(format.channels) >= limit * limit * Double(block.count)
    }
  }
}
