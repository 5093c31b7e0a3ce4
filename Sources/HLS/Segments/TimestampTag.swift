/// The ID3 tag in front of every packed-audio segment: the presentation time of its first sample.
///
/// rfc8216bis §3.1.3: "The ID3 PRIV owner identifier MUST be "com.apple.streaming.transportStreamTimestamp". The ID3
/// payload MUST be a 33-bit MPEG-2 Program Elementary Stream timestamp expressed as a big-endian eight-octet number,
/// with the upper 31 bits set to zero."
package struct TimestampTag: Equatable, Sendable {
  private static let owner = Array("com.apple.streaming.transportStreamTimestamp".utf8) + [0]
  /// "ID3", version 2.4, no flags, syncsafe size 63; then frame "PRIV" of 53 octets, no flags, with the owner.
  private static let head =
    Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 63] + Array("PRIV".utf8) + [0, 0, 0, 53, 0, 0] + owner
  /// The tag's length in bytes.
  package static let length = head.count + 8

  /// 90 kHz ticks modulo 2^33: the count wraps every 26.5 hours, which is not a discontinuity.
  package let timestamp: UInt64

  /// The tag of the sample with `samples` samples before it, at `rate` samples per second.
  package init(samples: Int, rate: Int) {
    // Seconds first, so that no count of samples overflows the product.
    let (seconds, rest) = samples.quotientAndRemainder(dividingBy: rate)
    timestamp = (UInt64(seconds) &* 90_000 + UInt64(rest * 90_000 / rate)) & 0x1_FFFF_FFFF
  }

  /// Reads a tag from the front of `bytes`; nil unless there is one of exactly this layout.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.length, bytes.starts(with: Self.head) else { return nil }
    let value = bytes[Self.head.count..<Self.length].reduce(0) { $0 << 8 | UInt64($1) }
    guard value <= 0x1_FFFF_FFFF else { return nil }
    timestamp = value
  }

  package var bytes: [UInt8] {
    Self.head + (0..<8).reversed().map { UInt8(truncatingIfNeeded: timestamp >> ($0 * 8)) }
  }
}
