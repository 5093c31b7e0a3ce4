/// The sum of all voices of a room.
final class RoomSum {
  let left = Block()
  /// Equal to `left` if no voice is stereo; then it is not filled.
  let right = Block()
  /// The audible voices that are stereo.
  private(set) var stereoVoices = 0

  deinit {
    left.free()
    right.free()
  }

  /// Replaces the sum by that of the audible voices.
  func sum(_ voices: [TalkerVoice]) {
    stereoVoices = 0
    for voice in voices where voice.isAudible && voice.isStereo { stereoVoices += 1 }
    left.clear()
    if stereoVoices > 0 { right.clear() }
    for voice in voices where voice.isAudible {
      left.add(voice.left)
      if stereoVoices > 0 { right.add(voice.right) }
    }
  }
}

/// The programme of a tick in two channels.
final class RoomProgramme {
  let left = Block()
  let right = Block()

  deinit {
    left.free()
    right.free()
  }

  /// Takes 480 interleaved stereo frames.
  func take(_ frames: UnsafePointer<Float>) {
    for index in 0..<Sound.frames {
      left.samples[index] = frames[2 * index]
      right.samples[index] = frames[2 * index + 1]
    }
    left.makeExact()
    right.makeExact()
  }
}
