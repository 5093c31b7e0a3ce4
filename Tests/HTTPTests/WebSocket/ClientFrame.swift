@testable import HTTP

/// A frame as a client sends it, valid or not.
struct ClientFrame {
  /// The first byte: FIN, the reserved bits, the opcode.
  var start: UInt8
  var payload: [UInt8]
  var isMasked = true
  /// Bytes of the extended payload length; nil for the right number.
  var lengthBytes: Int?
  /// The announced length; nil for the right one.
  var length: Int?
  var key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

  init(_ start: UInt8, _ payload: some Sequence<UInt8> = []) {
    (self.start, self.payload) = (start, Array(payload))
  }

  static func text(_ text: String) -> [UInt8] { ClientFrame(0x81, text.utf8).bytes }
  static func binary(_ payload: [UInt8]) -> [UInt8] { ClientFrame(0x82, payload).bytes }
  static func ping(_ payload: String = "") -> [UInt8] { ClientFrame(0x89, payload.utf8).bytes }
  static func pong(_ payload: String = "") -> [UInt8] { ClientFrame(0x8A, payload.utf8).bytes }

  static func close(_ code: UInt16, _ reason: String = "") -> [UInt8] {
    ClientFrame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8)).bytes
  }

  var bytes: [UInt8] {
    let length = length ?? payload.count
    let lengthBytes = lengthBytes ?? (length < 126 ? 0 : length <= 0xFFFF ? 2 : 8)
    let short = lengthBytes == 0 ? UInt8(length) : lengthBytes == 2 ? 126 : 127
    var bytes = [start, short | (isMasked ? 0x80 : 0)]
    for shift in (0..<lengthBytes).reversed() { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * shift))) }
    guard isMasked else { return bytes + payload }
    return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
  }
}

extension WebSocketMachine {
  /// All events of one piece of input.
  mutating func events(of bytes: some Sequence<UInt8>) -> [Event] {
    Array(bytes).withUnsafeBytes { bytes in
      var (rest, events): (UnsafeRawBufferPointer, [Event]) = (bytes, [])
      while let event = receive(&rest) { events.append(event) }
      return events
    }
  }
}
