import CMicroHTTPD
import Glibc

/// Reads an answer that is still being written, for a connection of libmicrohttpd.
protocol Reader: AnyObject, Sendable {
  var connection: OpaquePointer { get }

  /// Hands the connection back to libmicrohttpd.
  /// - Parameters:
  ///   - verdict: nil if libmicrohttpd is to continue reading.
  ///   - sent: bytes of content that were sent without libmicrohttpd.
  func resume(_ verdict: Delivery.Verdict?, sent: Int)
}

/// A reader that has read everything so far, and the delivery of the rest. The fields that a round needs lie together in
/// memory, because a round visits thousands of followers.
struct Follower<Progress: Delivering> {
  let reader: any Reader
  private let socket: Int32
  private let tls: TLSSession?
  private var delivery: Progress?

  /// - Parameter delivery: nil if libmicrohttpd must do the sending; then the next round resumes the reader.
  init(_ reader: any Reader, _ delivery: Progress?) {
    (self.reader, self.delivery) = (reader, delivery)
    (socket, tls) = (mhd_socket(reader.connection), TLSSession.of(reader.connection))
    if delivery != nil { tls?.uncork() }
  }

  /// Bytes of content sent by `sendPending`.
  var sent: Int { delivery?.sent ?? 0 }

  /// Sends the new bytes; nil if libmicrohttpd is to send them.
  /// - Parameter total: the bytes of content that the listener took are added to it.
  mutating func sendPending(latest: inout Chunk?, total: inout Int) -> Delivery.Verdict? {
    let (socket, tls) = (socket, tls)
    return delivery?.sendPending(latest: &latest, total: &total) { bytes, more in
      if let tls { return tls.send(bytes) }
      // With MSG_MORE the bytes go out together with the next ones, or with the end that libmicrohttpd sends (send(2)).
      let flags = Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)
      let count = send(socket, bytes.baseAddress, bytes.count, flags)
      if count >= 0 { return count }
      return [EAGAIN, EINTR, ENOBUFS, ENOMEM].contains(errno) ? 0 : nil
    }
  }

  /// Disconnects the listener, and discards the bytes that the kernel still has for it.
  func giveUp() {
    resetWhenClosed(socket)
    reader.resume(.broken, sent: sent)
  }
}

/// Makes the kernel discard unsent bytes at the close of a socket. It would offer them to the client for minutes.
func resetWhenClosed(_ socket: Int32) {
  var drop = linger(l_onoff: 1, l_linger: 0)
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &drop, socklen_t(MemoryLayout<linger>.size))
}
