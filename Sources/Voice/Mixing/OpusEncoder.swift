private import COpus

/// Encodes PCM frames of 48 kHz into Opus packets of 10 ms (libopus) with 2.5 ms of look-ahead.
final class OpusEncoder {
  private static let complexity: Int32 = 5
  private static let bitsPerChannel = 48_000
  private let state: OpaquePointer

  init(channels: Int) {
    var status: Int32 = 0
    let state = opus_encoder_create(
      Int32(Sound.rate), Int32(channels), OPUS_APPLICATION_RESTRICTED_LOWDELAY, &status)
    guard let state, status == OPUS_OK else { fatalError("opus_encoder_create: \(status)") }
    self.state = state
    _ = ringcast_opus_set_bitrate(state, Int32(Self.bitsPerChannel * channels))
    _ = ringcast_opus_set_complexity(state, Self.complexity)
  }

  deinit { opus_encoder_destroy(state) }

  /// Encodes 480 interleaved frames.
  /// - Parameter standsAlone: whether a decoder that has not had the packets before gets the right loudness at once.
  /// - Returns: the bytes of the packet; 0 after an error of opus_encode_float.
  func encode(
    _ frames: UnsafePointer<Float>, standsAlone: Bool, into packet: UnsafeMutablePointer<UInt8>, room: Int
  ) -> Int {
    if standsAlone { _ = ringcast_opus_set_prediction_disabled(state, 1) }
    let count = opus_encode_float(state, frames, Int32(Sound.frames), packet, Int32(room))
    if standsAlone { _ = ringcast_opus_set_prediction_disabled(state, 0) }
    return max(0, Int(count))
  }

  /// Forgets all sound so far.
  func reset() { _ = ringcast_opus_reset_encoder(state) }
}
