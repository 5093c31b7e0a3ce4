/// Notices when a source has gone silent, and when there is sound again. It has no clock: time is a count of frames.
package struct SilenceWatch: Sendable {
  /// Of full scale, RMS of a block: -60 dBFS. What is below in every channel is silence.
  package static let threshold = 0.001
  /// Milliseconds of sound, without a pause of `longestPause`, that end a silence: a click does not.
  private static let proof = 500
  private static let longestPause = 1000

  package enum Change: Equatable, Sendable {
    case silent
    case soundBack
  }

  private let format: PCMFormat
  /// Frames of silence that count as one.
  private let limit: Int
  package private(set) var isSilent = false
  /// Frames since the last sound that was long enough.
  private var silence = 0
  /// Frames of sound since the last pause that was too long, and of the pause at hand.
  private var sound = 0
  private var pause = 0

  /// - Parameter milliseconds: how long it must be silent.
  package init(format: PCMFormat, milliseconds: Int) {
    self.format = format
    limit = format.sampleRate * milliseconds / 1000
  }

  /// Takes the interleaved frames that follow, at full scale 2^31.
  package mutating func observe(_ block: [Int32]) -> Change? {
    let frames = block.count / format.channels
    silence += frames
    if isLoud(block) {
      (sound, pause) = (sound + frames, 0)
      if sound >= milliseconds(Self.proof) { silence = 0 }
    } else {
      pause += frames
      if pause >= milliseconds(Self.longestPause) { sound = 0 }
    }
    let wasSilent = isSilent
    isSilent = silence >= limit
    return isSilent == wasSilent ? nil : isSilent ? .silent : .soundBack
  }

  private func milliseconds(_ count: Int) -> Int { format.sampleRate * count / 1000 }

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
