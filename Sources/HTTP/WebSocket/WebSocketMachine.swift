/// Reads the frames of a client (RFC 6455): bytes go in, events come out. Frames may be split anywhere. The machine holds no
/// memory while no frame and no message is incomplete. Pure: the caller reads the socket.
package struct WebSocketMachine: Sendable {
  package enum Event: Equatable, Sendable {
    case message(WebSocketMessage)
    case ping([UInt8])
    case pong([UInt8])
    /// The client closes. Nothing more is read.
    /// - Parameter code: nil if the frame has none.
    case close(WebSocketCloseCode?, reason: String)
    /// The client broke the protocol or a limit. Nothing more is read.
    case failure(WebSocketCloseCode, reason: String)
  }

  private let messageLimit: Int
  private var header = WebSocketFrameHeader()
  /// Bytes of the payload that were taken.
  private var taken = 0
  /// The opcode of the message that is incomplete.
  private var kind: WebSocketOpcode?
  private var message: [UInt8] = []
  private var text = UTF8Validator()
  /// The payload of a control frame, which may come between the frames of a message.
  private var control: [UInt8] = []
  private var isOver = false

  /// - Parameter messageLimit: the most bytes of a message.
  package init(messageLimit: Int) {
    self.messageLimit = messageLimit
  }

  /// Takes bytes from the front up to the end of the next event.
  /// - Returns: nil if all bytes are taken and no event has come of them.
  package mutating func receive(_ bytes: inout UnsafeRawBufferPointer) -> Event? {
    do throws(WebSocketFailure) {
      while !isOver {
        if !header.isComplete {
          try header.take(&bytes)
          guard header.isComplete else { return nil }
          try begin()
        }
        try takePayload(&bytes)
        guard taken == header.length else { return nil }
        if let event = try frameEnd() { return event }
      }
    } catch {
      end()
      return .failure(error.code, reason: error.reason)
    }
    bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    return nil
  }

  /// The header of a frame is there.
  private mutating func begin() throws(WebSocketFailure) {
    switch header.opcode {
    case .close, .ping, .pong: return
    case .continuation:
      guard kind != nil else { throw .protocolError("a continuation without a message") }
    case .text, .binary:
      guard kind == nil else { throw .protocolError("a message begins within a message") }
      kind = header.opcode
    }
    guard header.length <= messageLimit - message.count else {
      throw WebSocketFailure(code: .messageTooBig, reason: "the message has more than \(messageLimit) bytes")
    }
  }

  private mutating func takePayload(_ bytes: inout UnsafeRawBufferPointer) throws(WebSocketFailure) {
    let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(header.length - taken))
    guard !piece.isEmpty else { return }
    bytes = UnsafeRawBufferPointer(rebasing: bytes[piece.count...])
    let mask = WebSocketMask(key: header.mask, offset: taken)
    taken += piece.count
    if header.opcode.isControl {
      Self.append(piece, to: &control, mask) { _ in }
      return
    }
    var isValid = true
    Self.append(piece, to: &message, mask) { unmasked in
      // §8.1: a client learns of invalid text at its first invalid byte, not at the end of the message.
      if kind == .text { isValid = text.accepts(unmasked) }
    }
    guard isValid else { throw .invalidText }
  }

  /// - Parameter read: gets the bytes that were appended, unmasked.
  private static func append(
    _ piece: UnsafeRawBufferPointer, to payload: inout [UInt8], _ mask: WebSocketMask,
    _ read: (UnsafeRawBufferPointer) -> Void
  ) {
    let start = payload.count
    payload.append(contentsOf: piece)
    payload.withUnsafeMutableBytes { payload in
      let added = UnsafeMutableRawBufferPointer(rebasing: payload[start...])
      mask.unmask(added)
      read(UnsafeRawBufferPointer(added))
    }
  }

  private mutating func frameEnd() throws(WebSocketFailure) -> Event? {
    let (opcode, isFinal) = (header.opcode, header.isFinal)
    (header, taken) = (WebSocketFrameHeader(), 0)
    if opcode.isControl {
      let payload = control
      control = []
      switch opcode {
      case .ping: return .ping(payload)
      case .pong: return .pong(payload)
      default: return try close(payload)
      }
    }
    guard isFinal else { return nil }
    guard text.isAtBoundary else { throw .invalidText }
    let (payload, isText) = (message, kind == .text)
    (kind, message) = (nil, [])
    return .message(isText ? .text(String(decoding: payload, as: UTF8.self)) : .binary(payload))
  }

  /// §5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer … representing a status
  /// code … Following the 2-byte integer, the body MAY contain UTF-8-encoded data".
  private mutating func close(_ payload: [UInt8]) throws(WebSocketFailure) -> Event {
    guard payload.count != 1 else { throw .protocolError("a close frame of one byte") }
    guard payload.count >= 2 else {
      end()
      return .close(nil, reason: "")
    }
    let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    guard code.isSendable else { throw .protocolError("invalid close code") }
    guard let reason = String(validating: payload[2...], as: UTF8.self) else { throw .invalidText }
    end()
    return .close(code, reason: reason)
  }

  private mutating func end() {
    isOver = true
    (message, control) = ([], [])
  }
}
