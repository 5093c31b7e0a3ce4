import COpus

/// Decodes one link of Ogg Opus (RFC 7845) by libopus, at 48 kHz.
final class OggOpusDecoder: SoundDecoder {
  private static let rate = 48_000
  /// PCM frames in the longest packet, 120 ms.
  private static let longest = 5760

  private let reader: OggReader
  private let decoder: OpaquePointer
  private let format: PCMFormat
  /// PCM frames that are left out at the beginning.
  private var skip: Int
  private let gain: Float
  private var hasTags = false
  private var samples: [Float]

  /// - Throws: for a head that is no Opus of one or two channels.
  init(_ first: OggPacket, _ reader: OggReader) throws(DecodingError) {
    self.reader = reader
    let head = first.bytes
    // RFC 7845 §5.1.
    guard head.count >= 19, head[8] >> 4 == 0 else { throw DecodingError("the head of Opus is invalid") }
    let channels = Int(head[9])
    guard (1...2).contains(channels), head[18] <= 1 else {
      throw DecodingError("Opus with \(channels) channels is not played")
    }
    skip = Int(head[10]) | Int(head[11]) << 8
    let level = Int16(truncatingIfNeeded: Int(head[16]) | Int(head[17]) << 8)
    gain = Self.factor(decibels: Float(level) / 256)
    format = PCMFormat(sampleRate: Self.rate, channels: channels)
    samples = [Float](repeating: 0, count: Self.longest * channels)
    var code: Int32 = 0
    guard let decoder = opus_decoder_create(Int32(Self.rate), Int32(channels), &code) else {
      throw DecodingError("opus_decoder_create: \(code)")
    }
    self.decoder = decoder
  }

  deinit {
    opus_decoder_destroy(decoder)
  }

  func next() throws(DecodingError) -> DecodedPiece? {
    while let packet = try reader.nextPacket() {
      guard hasTags else {
        hasTags = true
        if packet.bytes.starts(with: "OpusTags".utf8) {
          return .tags(VorbisComment.tags(in: packet.bytes.dropFirst(8)))
        }
        continue
      }
      // libopus would make up 120 ms for an empty packet.
      guard !packet.bytes.isEmpty else { continue }
      let decoded = samples.withUnsafeMutableBufferPointer { samples in
        packet.bytes.withUnsafeBufferPointer { bytes in
          opus_decode_float(
            decoder, bytes.baseAddress, Int32(bytes.count), samples.baseAddress!, Int32(Self.longest), 0)
        }
      }
      // A damaged packet is left out.
      guard decoded > 0 else { continue }
      let skipped = min(skip, Int(decoded))
      skip -= skipped
      let kept = samples[skipped * format.channels..<Int(decoded) * format.channels]
      if !kept.isEmpty { return .sound(kept.map { fullScale($0 * gain) }, format) }
    }
    return nil
  }

  /// Without the C library's exp10: 10^(x/20) = 2^(x × log2(10) / 20).
  private static func factor(decibels: Float) -> Float {
    var (result, rest) = (Float(1), decibels)
    // RFC 7845 §5.1: 7.8 fixed point, so at most 128 dB either way.
    while rest >= 6.0206 { (result, rest) = (result * 2, rest - 6.0206) }
    while rest <= -6.0206 { (result, rest) = (result / 2, rest + 6.0206) }
    let exponent = rest * 0.115_129_25
    // The series of e^x for |x| < 0.7.
    var (term, sum) = (Float(1), Float(1))
    for step in 1...8 {
      term *= exponent / Float(step)
      sum += term
    }
    return result * sum
  }
}
