/// The reason for the end of a WebSocket, as a number (RFC 6455 §7.4).
package struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  package static let normal = Self(rawValue: 1000)
  package static let goingAway = Self(rawValue: 1001)
  package static let protocolError = Self(rawValue: 1002)
  package static let unsupportedData = Self(rawValue: 1003)
  /// A close frame without a code was received. Never sent.
  package static let noStatus = Self(rawValue: 1005)
  /// The connection ended without a close frame. Never sent.
  package static let abnormal = Self(rawValue: 1006)
  /// Text that is not UTF-8.
  package static let invalidPayload = Self(rawValue: 1007)
  package static let policyViolation = Self(rawValue: 1008)
  package static let messageTooBig = Self(rawValue: 1009)
  package static let internalError = Self(rawValue: 1011)
  /// The server restarts. A server sends this code (IANA, "WebSocket Close Code Number Registry").
  package static let serviceRestart = Self(rawValue: 1012)
  /// The server has no place for the client now. A server sends this code (the same registry).
  package static let tryAgainLater = Self(rawValue: 1013)

  /// Whether a close frame of this server may hold the code.
  var isSendableByServer: Bool { isSendable || self == .serviceRestart || self == .tryAgainLater }

  /// Whether a close frame may hold the code. RFC 6455 §7.4.1 defines 1000 to 1003 and 1007 to 1011 for close frames. §7.4.2
  /// leaves 3000 to 4999 to libraries and applications.
  package var isSendable: Bool {
    switch rawValue {
    case 1000...1003, 1007...1011, 3000...4999: true
    default: false
    }
  }
}
