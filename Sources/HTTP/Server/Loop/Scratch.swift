import Glibc

/// Memory that a loop uses again for each of its connections, so that an idle connection needs none.
struct Scratch: ~Copyable {
  /// Bytes that were read, until they are understood.
  let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  /// Bytes that are sent together in one record of TLS.
  let record = UnsafeMutableRawBufferPointer.allocate(byteCount: TLSSession.recordSize, alignment: 16)
  /// Pieces that are sent by one call.
  let pieces = UnsafeMutableBufferPointer<iovec>.allocate(capacity: 16)
  /// The fields of the request that was read last.
  var fields = HeaderFields()
  var targets = TargetCache()
  /// Exchanges for later requests.
  private var exchanges: [Exchange] = []
  private var date = DateLine()

  deinit {
    input.deallocate()
    record.deallocate()
    pieces.deallocate()
  }

  mutating func takeExchange() -> Exchange {
    exchanges.popLast() ?? Exchange()
  }

  mutating func giveBack(_ exchange: Exchange) {
    guard exchanges.count < 64 else { return }
    exchange.clear()
    exchanges.append(exchange)
  }

  /// The Date field of an answer, with its line end; valid until the next call.
  mutating func dateLine() -> UnsafeRawBufferPointer {
    date.bytes(at: time(nil))
  }
}

/// The Date field (RFC 9110 §6.6.1), made once a second.
private struct DateLine: ~Copyable {
  private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
  private var count = 0
  private var second = 0

  deinit {
    bytes.deallocate()
  }

  mutating func bytes(at now: Int) -> UnsafeRawBufferPointer {
    if now != second {
      let line = Array("Date: \(HTTPDate.text(now))\r\n".utf8)
      bytes.copyBytes(from: line)
      (count, second) = (line.count, now)
    }
    return UnsafeRawBufferPointer(rebasing: bytes[..<count])
  }
}
