/// The four octets in front of an MPEG-1 Layer III frame (ISO/IEC 11172-3 §2.4.1.3).
package struct MP3FrameHeader: Equatable, Sendable {
  /// kbit/s.
  package let bitrate: Int
  /// Hz.
  package let sampleRate: Int
  package let channels: Int
  /// The whole frame's length in bytes, these four included.
  package let length: Int

  /// Reads the header at `offset`; nil where the octets are not the header of an MPEG-1 Layer III frame of fixed bit rate.
  package init?(_ bytes: [UInt8], at offset: Int) {
    guard offset + 4 <= bytes.count else { return nil }
    // Eleven sync bits, then version 11 (MPEG-1), layer 01 (III); the last bit only says whether a CRC follows.
    guard bytes[offset] == 0xFF, bytes[offset + 1] & 0xFE == 0xFA else { return nil }
    let rates = Int(bytes[offset + 2])
    let (bitrateIndex, sampleRateIndex) = (rates >> 4, rates >> 2 & 3)
    // Bit rate 0 is "free", 15 is forbidden; sample rate 3 is reserved.
    guard (1...14).contains(bitrateIndex), sampleRateIndex < 3 else { return nil }
    bitrate = MP3Format.bitrates[bitrateIndex - 1]
    sampleRate = MP3Format.sampleRatesByIndex[sampleRateIndex]
    channels = bytes[offset + 3] >> 6 == 3 ? 1 : 2
    let padding = rates >> 1 & 1
    length = AudioCodec.mp3.samplesPerFrame / 8 * bitrate * 1000 / sampleRate + padding
  }
}

extension MP3FrameHeader {
  /// Whether the frame takes no bits of the frames before it: `main_data_begin` is zero (§2.4.1.7), the first nine bits behind
  /// the header and its CRC, if there is one.
  package func isFirstOfReservoir(_ bytes: [UInt8], at offset: Int) -> Bool {
    let hasCRC = bytes[offset + 1] & 1 == 0
    let place = offset + 4 + (hasCRC ? 2 : 0)
    guard place + 1 < bytes.count else { return false }
    return bytes[place] == 0 && bytes[place + 1] & 0x80 == 0
  }
}
