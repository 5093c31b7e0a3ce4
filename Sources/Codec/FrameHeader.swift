/// The four octets in front of an MPEG-1 Layer III frame (ISO/IEC 11172-3 §2.4.1.3).
package struct FrameHeader: Equatable, Sendable {
  /// PCM samples per channel that one frame decodes to (ISO/IEC 11172-3 §2.4.2.1).
  package static let samplesPerFrame = 1152
  /// Bit rates in kbit/s by index 1…14; index 0 is "free", 15 forbidden.
  package static let bitrates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
  /// Sample rates in Hz by index 0…2.
  package static let sampleRates = [44_100, 48_000, 32_000]

  package let bitrate: Int
  package let sampleRate: Int
  package let channels: Int
  /// The whole frame's length in bytes, these four included.
  package let length: Int

  /// Reads the header at `offset`; nil where the octets are not one of an MPEG-1 Layer III frame of fixed bit rate.
  package init?(_ bytes: [UInt8], at offset: Int) {
    guard offset + 4 <= bytes.count else { return nil }
    let (sync, version, rates, mode) = (bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3])
    // Eleven sync bits, then version 11 (MPEG-1), layer 01 (III); the last bit only says whether a CRC follows.
    guard sync == 0xFF, version & 0xFE == 0xFA else { return nil }
    let (bitrateIndex, sampleRateIndex) = (Int(rates >> 4), Int(rates >> 2 & 3))
    guard (1...14).contains(bitrateIndex), sampleRateIndex < 3 else { return nil }
    bitrate = Self.bitrates[bitrateIndex - 1]
    sampleRate = Self.sampleRates[sampleRateIndex]
    channels = mode >> 6 == 3 ? 1 : 2
    length = 144 * bitrate * 1000 / sampleRate + Int(rates >> 1 & 1)
  }
}
