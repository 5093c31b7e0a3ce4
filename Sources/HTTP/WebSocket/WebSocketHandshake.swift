import CGnuTLS

/// The opening handshake (RFC 6455 §4.2). The caller checks the origin. No extension is accepted.
package enum WebSocketHandshake {
  package enum Verdict: Sendable {
    case accepted(Acceptance)
    /// The request is no valid handshake.
    case refused(Response)
  }

  package struct Acceptance: Sendable {
    /// The header fields of the answer 101.
    package let headers: [(name: String, value: String)]
    /// Nil if the client offers none of the subprotocols.
    package let subprotocol: String?
  }

  /// - Parameter subprotocols: the subprotocols that the server speaks. The client's order decides.
  package static func verdict(on request: Request, subprotocols: [String] = []) -> Verdict {
    guard request.method == .get else { return .refused(.methodNotAllowed(but: "GET")) }
    guard names("websocket", in: request.header("Upgrade")), names("upgrade", in: request.header("Connection")) else {
      return .refused(upgradeRequired("a WebSocket is needed here"))
    }
    guard request.header("Sec-WebSocket-Version") == "13" else {
      return .refused(upgradeRequired("only version 13 of the WebSocket protocol"))
    }
    guard let key = request.header("Sec-WebSocket-Key"), isKey(key) else {
      return .refused(.badRequest("malformed Sec-WebSocket-Key"))
    }
    var headers = [
      (name: "Upgrade", value: "websocket"), (name: "Connection", value: "Upgrade"),
      (name: "Sec-WebSocket-Accept", value: acceptance(of: key)),
    ]
    let subprotocol = chosen(from: request.header("Sec-WebSocket-Protocol"), subprotocols)
    if let subprotocol { headers.append((name: "Sec-WebSocket-Protocol", value: subprotocol)) }
    return .accepted(Acceptance(headers: headers, subprotocol: subprotocol))
  }

  /// RFC 9110 §15.5.22: "The server MUST send an Upgrade header field in a 426 response to indicate the required
  /// protocol(s)". RFC 6455 §4.4: the server answers a version that it does not speak with the versions that it does.
  private static func upgradeRequired(_ reason: String) -> Response {
    .text(
      426, "\(reason)\n",
      headers: [
        (name: "Upgrade", value: "websocket"), (name: "Connection", value: "Upgrade"),
        (name: "Sec-WebSocket-Version", value: "13"),
      ])
  }

  private static func names(_ element: String, in field: String?) -> Bool {
    field.map { Substring($0).utf8.listElements.contains { $0.equalsIgnoringCase(element) } } ?? false
  }

  /// §4.1: "a base64-encoded (see Section 4 of [RFC4648]) value that, when decoded, is 16 bytes in length".
  private static func isKey(_ text: String) -> Bool {
    text.utf8.count == 24 && text.hasSuffix("==") && text.utf8.dropLast(2).allSatisfy(Base64.alphabet.contains)
  }

  /// §4.2.2: the base64 of the SHA-1 hash of the key and this GUID.
  private static func acceptance(of key: String) -> String {
    let input = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
    var hash = [UInt8](repeating: 0, count: 20)
    let code = gnutls_hash_fast(GNUTLS_DIG_SHA1, input, input.count, &hash)
    precondition(code == 0, "gnutls_hash_fast: \(code)")
    return Base64.encode(hash)
  }

  /// §4.2.2: "If the server does not agree to any of the client's requested subprotocols, the only acceptable value is null."
  private static func chosen(from field: String?, _ spoken: [String]) -> String? {
    guard let field else { return nil }
    return Substring(field).utf8.listElements.lazy.compactMap { String($0) }.first(where: spoken.contains)
  }
}
