import Glibc

/// The progress of one client in a file. Plain connections are sent the file by the kernel; others get slices that are
/// read into a buffer of the caller. No call waits for the disk: bytes that are not in memory are read by another thread first.
struct FileDelivery {
  /// Bytes that are sent at a time, so that one client of a long file does not hold up the other clients of a thread.
  static let slice = 256 << 10

  /// Whether the next bytes can be sent without a wait.
  enum Reach {
    case atHand
    /// Another thread reads the bytes: the owner is called when they are there.
    case later
    /// The file cannot be read.
    case broken
  }

  enum Read: Equatable {
    /// The number of bytes; 0 only where all are sent.
    case bytes(Int)
    case later
    case broken
  }

  private let content: FileContent.Slice
  private var position: Int
  /// The place up to which the bytes are in memory. Bytes leave the memory while a slow client takes none: see `forget`.
  private var known: Int
  /// The read of another thread that the delivery waits for.
  private var reading: FileReading?

  init(of content: FileContent.Slice) {
    (self.content, position, known) = (content, content.range.lowerBound, content.range.lowerBound)
  }

  /// Whether the next bytes are in memory. To be asked before each call that sends. Otherwise a thread reads them.
  /// - Parameter onRead: called on that thread when the bytes are there, or cannot be read: then the owner asks again.
  mutating func reach(_ readers: FileReaders, onRead: @escaping @Sendable () -> Void) -> Reach {
    if position < known || isComplete { return .atHand }
    if let reading {
      switch reading.outcome {
      case .pending: return .later
      // A loop that tried the read again would wait for the disk that fails.
      case .failed: return .broken
      case .done:
        self.reading = nil
        known = reading.slice.range.upperBound
        return .atHand
      }
    }
    let next = nextSlice
    if content.file.access.isInMemory(next) {
      known = next.range.upperBound
      return .atHand
    }
    return begin(readers, onRead)
  }

  private var nextSlice: FileContent.Slice {
    FileContent.Slice(content.file, position..<min(content.range.upperBound, position + Self.slice))
  }

  /// Lets a thread read the next bytes.
  private mutating func begin(_ readers: FileReaders, _ onRead: @escaping @Sendable () -> Void) -> Reach {
    let reading = FileReading(nextSlice, onEnd: onRead)
    guard readers.read(reading) else { return .broken }
    self.reading = reading
    return .later
  }

  /// The client takes no bytes for now. Later on, other bytes may have taken the place of these in memory.
  mutating func forget() {
    known = position
    if reading?.outcome == .done { reading = nil }
  }

  /// Bytes of content that the client has taken.
  var sent: Int { position - content.range.lowerBound }

  private var rest: Int { content.range.upperBound - position }

  /// Lets the kernel copy from the file to the socket (sendfile(2)).
  /// - Returns: `wait` if the socket takes no more, or if a slice is sent and more is left; see `hasMore`.
  mutating func sendPending(to socket: Int32, hasMore: inout Bool) -> Delivery.Verdict {
    var room = min(Self.slice, known - position)
    while rest > 0, room > 0 {
      var offset = off_t(position)
      let count = sendfile(socket, content.file.descriptor, &offset, min(rest, room))
      if count < 0 {
        if errno == EINTR { continue }
        guard errno == EAGAIN else { return .broken }
        forget()
        return .wait
      }
      // The file has become shorter than it was.
      guard count > 0 else { return .broken }
      position += count
      room -= count
    }
    hasMore = rest > 0
    return rest > 0 ? .wait : .complete
  }

  /// Reads the next bytes, if that does not wait for the disk.
  mutating func read(
    into buffer: UnsafeMutableRawBufferPointer, _ readers: FileReaders, onRead: @escaping @Sendable () -> Void
  ) -> Read {
    switch reach(readers, onRead: onRead) {
    case .later: return .later
    case .broken: return .broken
    case .atHand: break
    }
    if isComplete { return .bytes(0) }
    let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(known - position))
    switch content.file.access.readNow(content.file, position, wanted) {
    // The file has become shorter than it was.
    case .bytes(let count): return count > 0 ? .bytes(count) : .broken
    case .failed: return .broken
    case .notInMemory:
      forget()
      return begin(readers, onRead) == .later ? .later : .broken
    }
  }

  /// The client has taken `count` of the bytes that were read last.
  mutating func took(_ count: Int) {
    position += count
  }

  var isComplete: Bool { rest == 0 }
}
