/// The header of a client's frame, filled byte by byte as it comes (RFC 6455 §5.2). It needs no memory of its own.
struct WebSocketFrameHeader {
  private var bytes = InlineArray<14, UInt8>(repeating: 0)
  private var count = 0

  /// The properties below are valid once this is true.
  var isComplete: Bool { count == needed && count > 2 }

  /// Whether the frame is the last of its message (FIN).
  var isFinal: Bool { bytes[0] & 0x80 != 0 }

  private(set) var opcode = WebSocketOpcode.continuation

  /// Bytes of payload.
  private(set) var length = 0

  /// The masking key, with its first byte lowest.
  var mask: UInt32 {
    (1...4).reduce(0) { $0 << 8 | UInt32(bytes[count - $1]) }
  }

  /// Takes bytes from the front until the header is complete.
  mutating func take(_ input: inout UnsafeRawBufferPointer) throws(WebSocketFailure) {
    var taken = 0
    while count < needed, taken < input.count {
      bytes[count] = input[taken]
      count += 1
      taken += 1
      if count == 2 { try checkStart() }
      if count == 2 + lengthBytes { try readLength() }
    }
    input = UnsafeRawBufferPointer(rebasing: input[taken...])
  }

  private var shortLength: UInt8 { bytes[1] & 0x7F }

  /// Bytes of the extended payload length.
  private var lengthBytes: Int {
    switch shortLength {
    case 126: 2
    case 127: 8
    default: 0
    }
  }

  private var needed: Int { count < 2 ? 2 : 2 + lengthBytes + 4 }

  private mutating func checkStart() throws(WebSocketFailure) {
    // "If a nonzero value is received and none of the negotiated extensions defines the meaning of such a nonzero value, the
    // receiving endpoint MUST _Fail the WebSocket Connection_."
    guard bytes[0] & 0x70 == 0 else { throw .protocolError("a reserved bit is set") }
    guard let opcode = WebSocketOpcode(rawValue: bytes[0] & 0x0F) else { throw .protocolError("unknown opcode") }
    // §5.1: "The server MUST close the connection upon receiving a frame that is not masked."
    guard bytes[1] & 0x80 != 0 else { throw .protocolError("the frame is not masked") }
    if opcode.isControl {
      // §5.5: "All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented."
      guard isFinal else { throw .protocolError("a control frame is fragmented") }
      guard shortLength <= 125 else { throw .protocolError("a control frame is too long") }
    }
    self.opcode = opcode
  }

  private mutating func readLength() throws(WebSocketFailure) {
    guard lengthBytes > 0 else {
      length = Int(shortLength)
      return
    }
    let value = (2..<2 + lengthBytes).reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1]) }
    // "the minimal number of bytes MUST be used to encode the length"; of 8 bytes "the most significant bit MUST be 0".
    let valid: ClosedRange<UInt64> = lengthBytes == 2 ? 126...0xFFFF : 0x1_0000...UInt64(Int.max)
    guard valid.contains(value) else { throw .protocolError("malformed payload length") }
    length = Int(value)
  }
}
