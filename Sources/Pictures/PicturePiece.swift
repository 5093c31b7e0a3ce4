/// A binary message with a piece of a still: 16 bytes of head in network byte order, then bytes of a JPEG (`docs/rooms.md`).
/// Pieces are short, so that a sound packet never waits for a whole still.
package struct PicturePiece: Equatable, Sendable {
  package static let headLength = 16
  /// Bytes of the longest piece: no longer than the longest sound packet.
  package static let longest = 1936

  package let isFirst: Bool
  package let isLast: Bool
  /// The number of the still.
  package let sequence: UInt32
  /// Samples of 48 kHz by the count of the member's sound packets.
  package let sampleTime: UInt64
  package let bytes: ArraySlice<UInt8>

  /// Whether a message says that it is a piece of a picture.
  package static func isPicture(_ message: [UInt8]) -> Bool {
    message.count >= 2 && message[0] == 1 && message[1] == 2
  }

  /// - Returns: nil if the head is unknown, or nothing follows.
  package init?(_ message: [UInt8]) {
    guard message.count > Self.headLength, message.count <= Self.longest, Self.isPicture(message), message[2] == 0,
      message[3] <= 3
    else { return nil }
    (isFirst, isLast) = (message[3] & 1 != 0, message[3] & 2 != 0)
    sequence = message[4..<8].reduce(0) { $0 << 8 | UInt32($1) }
    sampleTime = message[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    bytes = message[Self.headLength...]
  }
}
