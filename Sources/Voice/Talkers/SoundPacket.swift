private import COpus

/// A binary message with 10 ms of sound: 16 bytes of head in network byte order, then the payload (`docs/rooms.md`).
package struct SoundPacket {
  package static let headLength = 16
  /// Bytes of the longest packet: 480 stereo frames of PCM.
  package static let longest = headLength + longestPayload
  static let longestPayload = 2 * 2 * Sound.frames
  /// Bytes of the longest Opus frame (RFC 6716 §3.2.1).
  static let longestOpus = 1275

  package let codec: SoundCodec
  package let isStereo: Bool
  package let sequence: UInt32
  /// Samples of 48 kHz since the talker began.
  package let sampleTime: UInt64
  /// A view of the message's bytes: valid as long as these are.
  package let payload: UnsafeRawBufferPointer

  /// - Returns: nil if the head is unknown, or the payload is not 10 ms of sound in the form that the head states.
  package init?(_ message: UnsafeRawBufferPointer) {
    guard message.count > Self.headLength, message.count <= Self.longest, message[0] == 1, message[1] == 1,
      let codec = SoundCodec(rawValue: message[2]), message[3] <= 1
    else { return nil }
    self.codec = codec
    isStereo = message[3] == 1
    sequence = UInt32(bigEndian: message.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    sampleTime = UInt64(bigEndian: message.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    payload = UnsafeRawBufferPointer(rebasing: message[Self.headLength...])
    guard Self.isTenMilliseconds(payload, codec, isStereo: isStereo) else { return nil }
  }

  /// Whether a payload is one packet of 10 ms.
  private static func isTenMilliseconds(_ payload: UnsafeRawBufferPointer, _ codec: SoundCodec, isStereo: Bool) -> Bool
  {
    switch codec {
    case .pcm16: return payload.count == 2 * Sound.frames * (isStereo ? 2 : 1)
    case .opus:
      guard payload.count <= longestOpus else { return false }
      let bytes = payload.assumingMemoryBound(to: UInt8.self).baseAddress!
      return opus_packet_get_nb_samples(bytes, Int32(payload.count), Int32(Sound.rate)) == Sound.frames
    }
  }

  /// Writes the head of a packet into the first 16 bytes of `bytes`.
  package static func writeHead(
    _ codec: SoundCodec, isStereo: Bool, sequence: UInt32, sampleTime: UInt64, into bytes: UnsafeMutableRawPointer
  ) {
    bytes.storeBytes(of: 1, as: UInt8.self)
    bytes.storeBytes(of: 1, toByteOffset: 1, as: UInt8.self)
    bytes.storeBytes(of: codec.rawValue, toByteOffset: 2, as: UInt8.self)
    bytes.storeBytes(of: isStereo ? 1 : 0, toByteOffset: 3, as: UInt8.self)
    bytes.storeBytes(of: sequence.bigEndian, toByteOffset: 4, as: UInt32.self)
    bytes.storeBytes(of: sampleTime.bigEndian, toByteOffset: 8, as: UInt64.self)
  }
}
