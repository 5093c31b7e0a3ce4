/// Turns the packets of one talker into two channels of samples, and makes up the sound of packets that are missing. A mono
/// packet fills both channels.
final class PacketDecoder {
  /// Samples of the transition between what was made up and what came: 5 ms.
  private static let transition = 240

  private let mono = OpusDecoder(channels: 1)
  private let stereo = OpusDecoder(channels: 2)
  private let interleaved = UnsafeMutablePointer<Float>.allocate(capacity: 2 * Sound.frames)
  private let tail = (left: Block(), right: Block())
  private var concealment = Concealment()
  /// The form of the last packet.
  private var codec = SoundCodec.pcm16
  private var wasStereo = false
  private var risesFromSilence = true
  private(set) var concealed = 0

  init() { interleaved.initialize(repeating: 0, count: 2 * Sound.frames) }

  deinit {
    interleaved.deallocate()
    tail.left.free()
    tail.right.free()
    concealment.free()
  }

  /// Forgets the sound so far. The next packet rises from silence.
  func reset() {
    mono.reset()
    stereo.reset()
    concealment.reset()
    risesFromSilence = true
  }

  /// Counts from 0 again, for another talker.
  func forgetCount() { concealed = 0 }

  /// Decodes a packet.
  /// - Parameter isSpliced: whether packets before this one were left out.
  func decode(
    _ payload: UnsafeRawBufferPointer, _ form: SoundCodec, isStereo: Bool, isSpliced: Bool,
    into left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>
  ) {
    if form != codec || isStereo != wasStereo {
      // The decoder that was not used has an old past.
      (isStereo ? stereo : mono).reset()
      (codec, wasStereo) = (form, isStereo)
    }
    let needsTail = codec == .pcm16 && (isSpliced || concealment.inARow > 0) && !risesFromSilence
    let before = concealment.gain
    if needsTail { concealment.make(tail.left.samples, tail.right.samples) }
    guard read(payload, into: left, right) else { return conceal(into: left, right) }
    if needsTail {
      Self.cross(tail.left.samples, left)
      Self.cross(tail.right.samples, right)
    } else if risesFromSilence || before < 1 {
      // Opus joins what it made up to what came, but the fade was not its own.
      let start = risesFromSilence ? 0 : before
      Self.rise(left, from: start)
      Self.rise(right, from: start)
    }
    concealment.remember(left, right)
    risesFromSilence = false
  }

  /// Makes up 10 ms.
  func conceal(into left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>) {
    concealed += 1
    if codec == .opus, !concealment.isSilent, (wasStereo ? stereo : mono).conceal(into: interleaved) {
      spread(isStereo: wasStereo, into: left, right)
      concealment.take(left, right)
    } else {
      concealment.make(left, right)
    }
  }

  private func read(
    _ payload: UnsafeRawBufferPointer, into left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>
  ) -> Bool {
    switch codec {
    case .pcm16:
      let channels = wasStereo ? 2 : 1
      for index in 0..<(Sound.frames * channels) {
        let sample = Int16(littleEndian: payload.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self))
        interleaved[index] = Float(sample) / 32768
      }
    case .opus:
      guard (wasStereo ? stereo : mono).decode(payload, into: interleaved) else { return false }
      // A hostile packet may decode to anything. A comparison with NaN is false.
      for index in 0..<(Sound.frames * (wasStereo ? 2 : 1)) { interleaved[index] = max(-4, min(4, interleaved[index])) }
    }
    spread(isStereo: wasStereo, into: left, right)
    return true
  }

  private func spread(
    isStereo: Bool, into left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>
  ) {
    guard isStereo else {
      left.update(from: interleaved, count: Sound.frames)
      right.update(from: interleaved, count: Sound.frames)
      return
    }
    for index in 0..<Sound.frames {
      left[index] = interleaved[2 * index]
      right[index] = interleaved[2 * index + 1]
    }
  }

  /// Goes from the first samples to the second ones.
  private static func cross(_ before: UnsafeMutablePointer<Float>, _ after: UnsafeMutablePointer<Float>) {
    for index in 0..<transition {
      let share = Float(index) / Float(transition)
      after[index] = before[index] + (after[index] - before[index]) * share
    }
  }

  private static func rise(_ samples: UnsafeMutablePointer<Float>, from gain: Float) {
    for index in 0..<transition { samples[index] *= gain + (1 - gain) * Float(index) / Float(transition) }
  }
}
