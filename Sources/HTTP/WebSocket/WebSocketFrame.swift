/// A message or a control frame, framed once for any number of clients (RFC 6455 §5.2). Immutable. A server's frames are not
/// masked (§5.1).
package final class WebSocketFrame: Sendable {
  private let memory: [UInt8]

  package static func text(_ text: String) -> WebSocketFrame { WebSocketFrame(.text, Array(text.utf8)) }

  package static func binary(_ bytes: [UInt8]) -> WebSocketFrame { WebSocketFrame(.binary, bytes) }

  package static func binary(_ bytes: UnsafeRawBufferPointer) -> WebSocketFrame { WebSocketFrame(.binary, bytes) }

  /// - Parameter payload: at most 125 bytes.
  static func ping(_ payload: [UInt8] = []) -> WebSocketFrame { WebSocketFrame(.ping, payload) }

  /// - Parameter payload: that of the ping; at most 125 bytes.
  static func pong(_ payload: [UInt8]) -> WebSocketFrame { WebSocketFrame(.pong, payload) }

  /// - Parameters:
  ///   - code: nil for a close frame without a code.
  ///   - reason: cut to 123 bytes, at the end of a character.
  static func close(_ code: WebSocketCloseCode?, reason: String = "") -> WebSocketFrame {
    guard let code else { return WebSocketFrame(.close, []) }
    precondition(code.isSendableByServer, "a close frame never holds the code \(code.rawValue)")
    var reason = Substring(reason)
    while reason.utf8.count > 123 { reason.unicodeScalars.removeLast() }
    return WebSocketFrame(.close, [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + reason.utf8)
  }

  private init(_ opcode: WebSocketOpcode, _ payload: some RandomAccessCollection<UInt8>) {
    precondition(!opcode.isControl || payload.count <= 125, "a control frame is short")
    var memory: [UInt8] = []
    memory.reserveCapacity(10 + payload.count)
    memory.append(0x80 | opcode.rawValue)
    switch payload.count {
    case ...125: memory.append(UInt8(payload.count))
    case ...0xFFFF:
      memory.append(126)
      withUnsafeBytes(of: UInt16(payload.count).bigEndian) { memory.append(contentsOf: $0) }
    default:
      memory.append(127)
      withUnsafeBytes(of: UInt64(payload.count).bigEndian) { memory.append(contentsOf: $0) }
    }
    memory.append(contentsOf: payload)
    self.memory = memory
  }

  /// Bytes with the header.
  package var count: Int { memory.count }

  func withBytes<Result>(from start: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    memory.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }
}
