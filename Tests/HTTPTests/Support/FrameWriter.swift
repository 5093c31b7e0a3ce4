/// The bytes that an HTTP/2 client sends (RFC 9113 §4.1), whether they make sense or not.
struct FrameWriter {
  enum Kind: UInt8 {
    case data, headers, priority, reset, settings, push, ping, goaway, windowUpdate, continuation
    case priorityUpdate = 0x10
    case unknown = 0xbb
  }

  static let endStream: UInt8 = 0x1
  static let acknowledgement: UInt8 = 0x1
  static let endHeaders: UInt8 = 0x4
  static let padded: UInt8 = 0x8

  static let requestFields = [
    (":method", "GET"), (":scheme", "https"), (":authority", "radio.example"), (":path", "/live.m3u8"),
  ]

  /// The connection preface (RFC 9113 §3.4) with empty settings.
  static let preface: Self = {
    var writer = Self()
    writer.bytes += "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8
    writer.add(.settings)
    return writer
  }()

  private(set) var bytes: [UInt8] = []

  mutating func add(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
    bytes += Self.number(UInt32(payload.count)).dropFirst() + [kind.rawValue, flags] + Self.number(stream) + payload
  }

  /// A whole request without content.
  mutating func addRequest(_ stream: UInt32, _ fields: [(String, String)] = requestFields, endsStream: Bool = true) {
    let flags = Self.endHeaders | (endsStream ? Self.endStream : 0)
    add(.headers, flags: flags, stream: stream, fields.flatMap { Self.field($0, $1) })
  }

  /// A literal field without indexing (RFC 7541 §6.2.2) and without the Huffman code.
  static func field(_ name: String, _ value: String) -> [UInt8] {
    [0] + length(name.utf8.count) + name.utf8 + length(value.utf8.count) + value.utf8
  }

  static func number(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

  /// An integer with a prefix of seven bits (RFC 7541 §5.1).
  private static func length(_ value: Int) -> [UInt8] {
    if value < 127 { return [UInt8(value)] }
    var (bytes, rest): ([UInt8], Int) = ([127], value - 127)
    while rest >= 128 {
      bytes.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
