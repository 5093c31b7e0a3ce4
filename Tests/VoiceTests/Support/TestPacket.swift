@testable import Voice

/// Packets of one talker.
enum TestPacket {
  /// A packet of PCM.
  static func pcm(_ frames: [Float], isStereo: Bool = false, sequence: UInt32, sampleTime: UInt64 = 0) -> [UInt8] {
    var bytes = head(.pcm16, isStereo, sequence, sampleTime)
    for frame in frames {
      let sample = Int16((max(-1, min(1, frame)) * 32767).rounded())
      bytes += [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
    }
    return bytes
  }

  /// A packet of Opus.
  static func opus(
    _ frames: [Float], isStereo: Bool = false, by encoder: OpusEncoder, sequence: UInt32, sampleTime: UInt64 = 0
  ) -> [UInt8] {
    var payload = [UInt8](repeating: 0, count: SoundPacket.longestOpus)
    let count = payload.withUnsafeMutableBufferPointer {
      encoder.encode(frames, standsAlone: false, into: $0.baseAddress!, room: SoundPacket.longestOpus)
    }
    return head(.opus, isStereo, sequence, sampleTime) + payload.prefix(count)
  }

  static func head(_ codec: SoundCodec, _ isStereo: Bool, _ sequence: UInt32, _ sampleTime: UInt64) -> [UInt8] {
    var head = [UInt8](repeating: 0, count: SoundPacket.headLength)
    head.withUnsafeMutableBytes {
      SoundPacket.writeHead(
        codec, isStereo: isStereo, sequence: sequence, sampleTime: sampleTime, into: $0.baseAddress!)
    }
    return head
  }
}
