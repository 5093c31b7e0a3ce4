private import COpus

/// Decodes Opus packets of 10 ms at 48 kHz into interleaved PCM frames (libopus). It always gives as many channels as it was
/// made for, whatever a packet has.
final class OpusDecoder {
  private let state: OpaquePointer

  init(channels: Int) {
    var status: Int32 = 0
    let state = opus_decoder_create(Int32(Sound.rate), Int32(channels), &status)
    guard let state, status == OPUS_OK else { fatalError("opus_decoder_create: \(status)") }
    self.state = state
  }

  deinit { opus_decoder_destroy(state) }

  /// Decodes a packet into 480 frames.
  /// - Returns: false if the packet is broken (opus_decode_float).
  func decode(_ packet: UnsafeRawBufferPointer, into frames: UnsafeMutablePointer<Float>) -> Bool {
    let bytes = packet.assumingMemoryBound(to: UInt8.self)
    return opus_decode_float(state, bytes.baseAddress, Int32(bytes.count), frames, Int32(Sound.frames), 0)
      == Sound.frames
  }

  /// Makes up 480 frames that continue the sound so far (packet loss concealment).
  func conceal(into frames: UnsafeMutablePointer<Float>) -> Bool {
    opus_decode_float(state, nil, 0, frames, Int32(Sound.frames), 0) == Sound.frames
  }

  /// Forgets all sound so far.
  func reset() { _ = ringcast_opus_reset_decoder(state) }
}
