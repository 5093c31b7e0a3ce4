import CMicroHTTPD
import Glibc

/// Who reads an answer that is still being written, on a connection of libmicrohttpd's.
protocol Reader: AnyObject, Sendable {
  var connection: OpaquePointer { get }

  /// Hands the connection back to libmicrohttpd.
  /// - Parameters:
  ///   - verdict: nil where it is to read on.
  ///   - sent: bytes of content that were sent past it.
  func resume(_ verdict: Delivery.Verdict?, sent: Int)
}

/// A reader that has had all there is, and how it gets the rest. What a round needs of it lies in one piece: thousands of
/// them are gone through again and again.
struct Follower<Progress: Delivering> {
  let reader: any Reader
  private let socket: Int32
  private let tls: TLSSession?
  private var delivery: Progress?

  /// - Parameter delivery: nil where libmicrohttpd must do the sending: then the reader is resumed in the next round.
  init(_ reader: any Reader, _ delivery: Progress?) {
    (self.reader, self.delivery) = (reader, delivery)
    (socket, tls) = (mhd_socket(reader.connection), TLSSession.of(reader.connection))
    if delivery != nil { tls?.uncork() }
  }

  /// Bytes of content, by `goOn`.
  var sent: Int { delivery?.sent ?? 0 }

  /// Sends what there is; nil where libmicrohttpd is to do it.
  /// - Parameter total: bytes of content that were taken are added to it.
  mutating func goOn(latest: inout Chunk?, total: inout Int) -> Delivery.Verdict? {
    let (socket, tls) = (socket, tls)
    return delivery?.goOn(latest: &latest, total: &total) { bytes, more in
      if let tls { return tls.send(bytes) }
      // What follows, as the end does, which libmicrohttpd sends, goes out as one with it (send(2)).
      let flags = Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)
      let count = send(socket, bytes.baseAddress, bytes.count, flags)
      if count >= 0 { return count }
      return [EAGAIN, EINTR, ENOBUFS, ENOMEM].contains(errno) ? 0 : nil
    }
  }

  /// Ends it, and what the kernel still has for it.
  func giveUp() {
    resetWhenClosed(socket)
    reader.resume(.broken, sent: sent)
  }
}

/// The kernel would go on to offer what was not taken, for minutes.
func resetWhenClosed(_ socket: Int32) {
  var drop = linger(l_onoff: 1, l_linger: 0)
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &drop, socklen_t(MemoryLayout<linger>.size))
}
