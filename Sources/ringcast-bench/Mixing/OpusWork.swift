import COpus

/// The work of libopus alone for a room: one decoder a talker, and one encoder for each mix.
final class OpusWork {
  static let frames = 480
  private var decoders: [OpaquePointer] = []
  private var encoders: [OpaquePointer] = []
  private var frames = [Float](repeating: 0, count: OpusWork.frames)
  private var packet = [UInt8](repeating: 0, count: 1275)

  init(decoders: Int, encoders: Int) {
    var status: Int32 = 0
    for _ in 0..<decoders { self.decoders.append(opus_decoder_create(48_000, 1, &status)) }
    for _ in 0..<encoders { self.encoders.append(Self.encoder()) }
  }

  deinit {
    for decoder in decoders { opus_decoder_destroy(decoder) }
    for encoder in encoders { opus_encoder_destroy(encoder) }
  }

  /// An encoder with the settings of the mixer.
  private static func encoder() -> OpaquePointer {
    var status: Int32 = 0
    let encoder = opus_encoder_create(48_000, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &status)!
    _ = ringcast_opus_set_bitrate(encoder, 48_000)
    _ = ringcast_opus_set_complexity(encoder, 5)
    return encoder
  }

  /// Encodes 480 samples with the first encoder.
  func encode(_ samples: [Float]) -> [UInt8] {
    let count = opus_encode_float(encoders[0], samples, Int32(Self.frames), &packet, Int32(packet.count))
    return Array(packet.prefix(Int(count)))
  }

  /// Decodes a packet of each talker, and encodes the last talker's sound as often as there are mixes.
  func tick(_ packets: (Int) -> [UInt8]) {
    for (talker, decoder) in decoders.enumerated() {
      let packet = packets(talker)
      _ = opus_decode_float(decoder, packet, Int32(packet.count), &frames, Int32(Self.frames), 0)
    }
    for encoder in encoders {
      _ = opus_encode_float(encoder, frames, Int32(Self.frames), &packet, Int32(packet.count))
    }
  }
}
