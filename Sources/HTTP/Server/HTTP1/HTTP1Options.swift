/// The header fields of an answer that depend on the connection (RFC 9112 §9.3, §6.1).
enum HTTP1Options {
  static func bytes(of exchange: Exchange) -> UnsafeRawBufferPointer {
    let text: StaticString
    switch (exchange.keepsConnection, exchange.delivery) {
    case (true, .chunks): text = "Transfer-Encoding: chunked\r\n"
    case (false, .chunks): text = "Connection: close\r\nTransfer-Encoding: chunked\r\n"
    case (false, _): text = "Connection: close\r\n"
    case (true, _): text = exchange.isVersion10 ? "Connection: keep-alive\r\n" : ""
    }
    return UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }
}
