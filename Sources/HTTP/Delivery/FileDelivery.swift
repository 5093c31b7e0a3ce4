import Glibc

/// The progress of one client in a file. Plain connections are sent the file by the kernel; others get slices that are
/// read into a buffer of the caller.
struct FileDelivery {
  /// Bytes that are sent at a time, so that one client of a long file does not hold up the other clients of a thread.
  static let slice = 256 << 10

  private let content: FileContent.Slice
  private var position: Int

  init(of content: FileContent.Slice) {
    (self.content, position) = (content, content.range.lowerBound)
  }

  /// Bytes of content that the client has taken.
  var sent: Int { position - content.range.lowerBound }

  private var rest: Int { content.range.upperBound - position }

  /// Lets the kernel copy from the file to the socket (sendfile(2)).
  /// - Returns: `wait` if the socket takes no more, or if a slice is sent and more is left; see `hasMore`.
  mutating func sendPending(to socket: Int32, hasMore: inout Bool) -> Delivery.Verdict {
    var room = Self.slice
    while rest > 0, room > 0 {
      var offset = off_t(position)
      let count = sendfile(socket, content.file.descriptor, &offset, min(rest, room))
      if count < 0 {
        if errno == EINTR { continue }
        return errno == EAGAIN ? .wait : .broken
      }
      // The file has become shorter than it was.
      guard count > 0 else { return .broken }
      position += count
      room -= count
    }
    hasMore = rest > 0
    return rest > 0 ? .wait : .complete
  }

  /// Reads the next bytes.
  /// - Returns: the bytes in `buffer` that are filled; nil if the file can not be read.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    let wanted = min(rest, buffer.count)
    guard wanted > 0 else { return 0 }
    let count = pread(content.file.descriptor, buffer.baseAddress, wanted, off_t(position))
    return count > 0 ? count : nil
  }

  /// The client has taken `count` of the bytes that were read last.
  mutating func took(_ count: Int) {
    position += count
  }

  var isComplete: Bool { rest == 0 }
}
