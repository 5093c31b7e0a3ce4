/// Turns one mix into the packet that all members of the mix are sent, apart from their heads.
final class MixEncoder {
  /// 2^15, and the number to which adding rounds a Float to a whole number in its low bits.
  private static let (fullScale, rounder) = (Float(32768), Float(12_582_912))

  private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: SoundPacket.longest, alignment: 16)
  private let interleaved = UnsafeMutablePointer<Float>.allocate(capacity: 2 * Sound.frames)
  private var mono: OpusEncoder?
  private var stereo: OpusEncoder?
  private var form = SoundCodec.pcm16
  private var isStereo = false
  private var length = 0
  /// Whether the encoder has encoded the mix of the last tick in this form.
  private var isRunning = false

  init() {
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    interleaved.initialize(repeating: 0, count: 2 * Sound.frames)
  }

  deinit {
    bytes.deallocate()
    interleaved.deallocate()
  }

  /// Makes the encoders that a form needs. It may allocate memory.
  func prepare(_ form: SoundCodec) {
    guard form == .opus, mono == nil else { return }
    mono = OpusEncoder(channels: 1)
    stereo = OpusEncoder(channels: 2)
  }

  /// States that the mix is not sent in this tick.
  func pause() { isRunning = false }

  /// Encodes the mix of a tick.
  /// - Parameters:
  ///   - right: nil if the mix is mono.
  ///   - standsAlone: whether a member is sent this mix for the first time.
  func encode(_ left: Block, _ right: Block?, _ form: SoundCodec, standsAlone: Bool) {
    if form != self.form || (right != nil) != isStereo { isRunning = false }
    (self.form, isStereo) = (form, right != nil)
    interleave(left, right)
    let payload = bytes.baseAddress! + SoundPacket.headLength
    switch form {
    case .pcm16: length = write(into: payload)
    case .opus:
      let encoder = (isStereo ? stereo : mono)!
      if !isRunning { encoder.reset() }
      length = encoder.encode(
        interleaved, standsAlone: standsAlone, into: payload.assumingMemoryBound(to: UInt8.self),
        room: SoundPacket.longestOpus)
    }
    isRunning = true
  }

  /// The packet with the head for one member: valid until the next call.
  func packet(sequence: UInt32, sampleTime: UInt64) -> UnsafeRawBufferPointer {
    SoundPacket.writeHead(
      form, isStereo: isStereo, sequence: sequence, sampleTime: sampleTime, into: bytes.baseAddress!)
    return UnsafeRawBufferPointer(rebasing: bytes[..<(SoundPacket.headLength + length)])
  }

  private func interleave(_ left: Block, _ right: Block?) {
    guard let right else { return interleaved.update(from: left.samples, count: Sound.frames) }
    for index in 0..<Sound.frames {
      interleaved[2 * index] = left.samples[index]
      interleaved[2 * index + 1] = right.samples[index]
    }
  }

  /// Writes the samples, which are at most 1, as 16 bits.
  /// - Returns: bytes.
  private func write(into payload: UnsafeMutableRawPointer) -> Int {
    let count = Sound.frames * (isStereo ? 2 : 1)
    for index in 0..<count {
      let scaled = max(-Self.fullScale, min(Self.fullScale - 1, interleaved[index] * Self.fullScale))
      let sample = Int16(truncatingIfNeeded: Int32(bitPattern: (scaled + Self.rounder).bitPattern))
      payload.storeBytes(of: sample.littleEndian, toByteOffset: 2 * index, as: Int16.self)
    }
    return 2 * count
  }
}
