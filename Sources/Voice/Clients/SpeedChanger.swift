/// Plays interleaved sound at a speed that is up to half a per cent off, in ticks of 480 PCM frames.
package final class SpeedChanger {
  private let channels: Int
  private let resampler = VariableResampler()
  private let left = Block()
  private let right = Block()

  /// - Parameter channels: one or two.
  package init(channels: Int) {
    self.channels = channels
    resampler.setStereo(channels == 2)
  }

  deinit {
    left.free()
    right.free()
  }

  /// Forgets the sound that was given.
  package func reset() {
    resampler.reset()
    resampler.setStereo(channels == 2)
  }

  /// Frames that were given and are not played yet.
  package var queued: Int { max(0, Int(resampler.queued)) }

  /// Whether a tick can be played without another block.
  package func isReady(ratio: Double) -> Bool { resampler.isReady(ratio: ratio) }

  /// Takes 480 frames.
  /// - Parameter block: at full scale 2^31.
  package func append(_ block: [Int32]) {
    precondition(block.count == Sound.frames * channels)
    let room = resampler.room
    for index in 0..<Sound.frames {
      room.left[index] = Float(block[index * channels]) * 0x1p-31
      if channels == 2 { room.right[index] = Float(block[index * 2 + 1]) * 0x1p-31 }
    }
    resampler.append()
  }

  /// Plays 480 frames, and appends them to `block`.
  package func play(ratio: Double, into block: inout [Int32]) {
    resampler.play(ratio: ratio, left: left, right: right)
    for index in 0..<Sound.frames {
      block.append(Self.fullScale(left.samples[index]))
      if channels == 2 { block.append(Self.fullScale(right.samples[index])) }
    }
  }

  private static func fullScale(_ sample: Float) -> Int32 {
    Int32(max(-1, min(0x1.fffffep-1, sample)) * 0x1p31)
  }
}
