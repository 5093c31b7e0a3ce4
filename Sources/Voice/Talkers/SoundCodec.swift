/// The form of the sound in a packet. The raw value is the byte of the packet's head.
package enum SoundCodec: UInt8, Sendable, CaseIterable {
  /// Signed 16-bit samples, little-endian, 48 kHz, 480 PCM frames.
  case pcm16 = 0
  /// One Opus packet of 10 ms (RFC 6716 §3).
  case opus = 1
}

/// The measures of all sound in this target.
package enum Sound {
  /// PCM frames a second.
  package static let rate = 48_000
  /// PCM frames in a packet and in a tick: 10 ms.
  package static let frames = 480
}
