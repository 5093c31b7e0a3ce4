/// The code of a RST_STREAM or GOAWAY frame (RFC 9113 §7).
struct HTTP2ErrorCode: RawRepresentable, Hashable, Sendable {
  let rawValue: UInt32

  static let noError = Self(rawValue: 0x0)
  static let protocolError = Self(rawValue: 0x1)
  static let internalError = Self(rawValue: 0x2)
  static let refusedStream = Self(rawValue: 0x7)
  static let cancel = Self(rawValue: 0x8)
  static let enhanceYourCalm = Self(rawValue: 0xb)
}
