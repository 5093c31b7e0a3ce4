/// What one member hears, or several members who hear the same.
final class Mix {
  let left = Block()
  let right = Block()
  private(set) var isStereo = false
  private let encoder = MixEncoder()

  /// Whether a member is sent the mix in this tick, and whether one is sent it for the first time.
  var isWanted = false
  var isNewToMember = false

  deinit {
    left.free()
    right.free()
  }

  /// Makes what a form needs. It may allocate memory.
  func prepare(_ form: SoundCodec) { encoder.prepare(form) }

  /// Mixes the voices of the room without one of them, and the programme, and encodes the result.
  func make(_ sum: RoomSum, without own: TalkerVoice?, programme: RoomProgramme?, form: SoundCodec) {
    let hasOwn = own?.isAudible == true
    isStereo = programme != nil || sum.stereoVoices > (hasOwn && own!.isStereo ? 1 : 0)
    left.copy(sum.left)
    if hasOwn { left.subtract(own!.left) }
    if isStereo {
      right.copy(sum.stereoVoices > 0 ? sum.right : sum.left)
      if hasOwn { right.subtract(own!.right) }
    }
    if let programme {
      left.add(programme.left)
      right.add(programme.right)
    }
    left.level()
    if isStereo { right.level() }
    encoder.encode(left, isStereo ? right : nil, form, standsAlone: isNewToMember)
    (isWanted, isNewToMember) = (false, false)
  }

  /// States that nobody is sent the mix in this tick.
  func pause() { encoder.pause() }

  func packet(sequence: UInt32, sampleTime: UInt64) -> UnsafeRawBufferPointer {
    encoder.packet(sequence: sequence, sampleTime: sampleTime)
  }
}
