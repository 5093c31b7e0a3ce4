import Glibc
import Synchronization
import System

/// One connection of a client: a socket, where wanted a TLS session, and the protocol that is spoken.
///
/// The socket's events come as changes (epoll(7), EPOLLET), so the connection remembers whether the socket has bytes and
/// whether the socket takes bytes.
final class Connection {
  private enum Phase {
    /// The first byte decides whether the client speaks TLS.
    case beginning, handshake
    case open
    /// Everything is sent; bytes of the client are thrown away until the client closes. If the socket were closed with
    /// unread bytes, TCP would reset the connection and lose the answer (RFC 9112 §9.6).
    case lingering
    /// The last bytes wait for the socket.
    case ending(lingering: Bool)
    case closed
  }

  /// Reads at a time, so that one client does not hold up the others.
  private static let turn = 16
  /// The time that a client has to close after the last answer.
  private static let lingering = Duration.seconds(2)

  let key: UInt64
  /// The other end of the connection.
  let client: Client
  /// Whether the other end is a trusted proxy.
  let isFromProxy: Bool
  /// Whether the connection is one too many, and its request is answered with 503.
  let isOverLimit: Bool
  /// Unsafe, because the loop closes its connections before it is freed, and every request reads this.
  unowned(unsafe) let loop: Loop
  private let descriptor: Int32
  private let tls: TLSSession?
  private var phase: Phase
  private var isReadable = false
  private var isWritable = false
  /// The client has ended its side; bytes may wait before the end.
  private var isHangingUp = false
  private var isReading = false
  private var endsRecords = false
  private var conversation: (any Conversation)?

  init(_ newcomer: Newcomer, key: UInt64, in loop: Loop) {
    descriptor = newcomer.descriptor
    client = newcomer.client
    isOverLimit = newcomer.isOverLimit
    (self.key, self.loop) = (key, loop)
    isFromProxy = loop.service.trustedProxies.contains(newcomer.client.address)
    tls = client.isSecure ? loop.service.tls?.session(on: descriptor) : nil
    phase = tls == nil ? .open : .beginning
    if tls == nil { conversation = HTTP1Conversation(on: self) }
  }

  /// The place of the connection in its loop.
  var slot: Int { Int(key & 0xFFFF_FFFF) }

  /// The client of a request with these header fields.
  func client(_ headers: HeaderFields) -> Client {
    isFromProxy ? loop.service.trustedProxies.client(of: client, headers) : client
  }

  /// The places of a request.
  /// - Parameters:
  ///   - client: of that request.
  ///   - isBesideOthers: whether the connection has other requests.
  func claim(of client: Client, isBesideOthers: Bool) -> Admissions.Claim? {
    if !isFromProxy, !isBesideOthers { return nil }
    return Admissions.Claim(
      address: loop.service.countedAddress(of: client), isBesideOthers: isBesideOthers)
  }

  var isOpen: Bool { if case .open = phase { true } else { false } }

  /// Whether the socket takes bytes.
  var takesBytes: Bool { isWritable }

  /// Speaks another protocol from now on.
  func speak(_ next: any Conversation) {
    conversation = next
  }

  // Events

  func isReady(_ events: Epoll.Events) {
    if events.contains(.output) { isWritable = true }
    if !events.isDisjoint(with: [.input, .hangUp]) { isReadable = true }
    if !events.isDisjoint(with: .hangUp) { isHangingUp = true }
    if events.rawValue & Epoll.Events.broken.rawValue != 0 { return close() }
    proceed()
  }

  /// Goes on where the connection left off.
  func proceed() {
    switch phase {
    case .beginning: begin()
    case .handshake: shakeHands()
    case .open:
      if isWritable {
        guard flush() else { return }
        conversation?.canSend()
      }
      read()
    case .ending(let lingering): if isWritable, flush() { end(lingering: lingering) }
    case .lingering: discard()
    case .closed: break
    }
  }

  private func begin() {
    switch TLSSession.isPlainHTTP(descriptor) {
    case nil: if isAtEnd { close() }
    case true?:
      loop.service.log("a client speaks HTTP without TLS")
      refusePlain()
      linger()
    case false?:
      phase = .handshake
      shakeHands()
    }
  }

  private func refusePlain() {
    let input = loop.scratch.input
    let count = max(0, recv(descriptor, input.baseAddress, input.count, 0))
    let line = HTTP1Head.line(of: UnsafeRawBufferPointer(rebasing: input[..<count]))
    let answer = TLSSession.plainAnswer
    guard Glibc.send(descriptor, answer, answer.utf8.count, Int32(MSG_NOSIGNAL)) == answer.utf8.count else { return }
    loop.service.refusedPlain(
      client, line, status: 400, bytes: TLSSession.plainContent.utf8.count)
  }

  private var isAtEnd: Bool {
    var first: UInt8 = 0
    let count = recv(descriptor, &first, 1, Int32(MSG_PEEK))
    return count == 0 || count < 0 && errno != EAGAIN
  }

  private func shakeHands() {
    guard let tls else { return }
    switch tls.handshake() {
    case .wait: break
    case .failed(let reason):
      loop.service.log("TLS handshake failed: \(reason)")
      loop.service.admissions.withLock { $0.figures.handshakeFailures += 1 }
      linger()
    case .done:
      phase = .open
      switch tls.applicationProtocol {
      case .http1: conversation = HTTP1Conversation(on: self)
      case .http2: conversation = HTTP2Conversation(on: self)
      }
      // Bytes that came with the end of the handshake may lie in GnuTLS already.
      (isReadable, isWritable) = (true, true)
      read()
    }
  }

  /// Reads as long as there are bytes and the protocol wants them. Called again by the protocol when it wants bytes after
  /// it wanted none.
  func read() {
    guard !isReading else { return }
    isReading = true
    defer { isReading = false }
    var turn = 0
    while isReadable, isOpen, let conversation, conversation.wantsInput {
      turn += 1
      if turn > Self.turn { return loop.runAgain(self) }
      let input = loop.scratch.input
      let count = receive(into: input)
      if count > 0 {
        conversation.receive(UnsafeRawBufferPointer(rebasing: input[..<count]))
      } else if count == 0 {
        isReadable = false
        conversation.inputEnded()
      } else if count == -1 {
        isReadable = false
      } else {
        close()
      }
    }
  }

  /// - Returns: the number of bytes; 0 at the end, -1 if there are none now, -2 if the connection is broken.
  private func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    if let tls { return tls.receive(into: buffer) }
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 {
        // The socket is empty. The next byte, and the end, are events of their own (epoll(7)), unless the event that told
        // of these bytes has told of the end, too.
        if count < buffer.count, !isHangingUp { isReadable = false }
        return count
      }
      if count == 0 { return 0 }
      if errno == EINTR { continue }
      return errno == EAGAIN ? -1 : -2
    }
  }

  // Sending

  /// Sends bytes, as many as the socket takes.
  /// - Parameter more: whether more bytes follow at once.
  /// - Returns: the number of bytes taken; nil if the client is gone.
  func send(_ bytes: UnsafeRawBufferPointer, more: Bool) -> Int? {
    guard isWritable else { return 0 }
    if let tls { return sendRecords(tls, bytes) }
    let flag = more ? Int32(MSG_MORE) : endsRecords ? Int32(MSG_EOR) : 0
    return sent(
      Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | flag), of: bytes.count)
  }

  /// Sends the first `count` pieces of the loop's scratch memory by one call.
  /// - Parameter total: the bytes of all of them.
  func sendPieces(_ count: Int, total: Int, more: Bool) -> Int? {
    guard isWritable else { return 0 }
    let pieces = loop.scratch.pieces
    if let tls { return sendRecords(tls, UnsafeBufferPointer(rebasing: pieces[..<count])) }
    var message = msghdr()
    (message.msg_iov, message.msg_iovlen) = (pieces.baseAddress, count)
    return sent(sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)), of: total)
  }

  private func sent(_ count: Int, of wanted: Int) -> Int? {
    if count == wanted { return count }
    isWritable = false
    if count >= 0 { return count }
    if errno == EINTR { isWritable = true }
    return [EAGAIN, EINTR, ENOBUFS, ENOMEM].contains(errno) ? 0 : nil
  }

  private func sendRecords(_ tls: TLSSession, _ bytes: UnsafeRawBufferPointer) -> Int? {
    var taken = 0
    while taken < bytes.count {
      let end = min(taken + TLSSession.recordSize, bytes.count)
      guard let count = tls.send(UnsafeRawBufferPointer(rebasing: bytes[taken..<end])) else { return nil }
      taken += count
      if tls.hasUnsentRecord {
        isWritable = false
        break
      }
    }
    return taken
  }

  /// Joins small pieces, so that a head and its content are one record.
  private func sendRecords(_ tls: TLSSession, _ pieces: UnsafeBufferPointer<iovec>) -> Int? {
    let record = loop.scratch.record
    var (taken, filled) = (0, 0)
    for (index, piece) in pieces.enumerated() {
      var rest = UnsafeRawBufferPointer(start: piece.iov_base, count: piece.iov_len)
      while !rest.isEmpty {
        let count = min(rest.count, record.count - filled)
        UnsafeMutableRawBufferPointer(rebasing: record[filled..<filled + count]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
        filled += count
        rest.drop(count)
        guard filled == record.count || rest.isEmpty && index == pieces.count - 1 else { continue }
        guard let count = tls.send(UnsafeRawBufferPointer(rebasing: record[..<filled])) else { return nil }
        taken += count
        filled = 0
        if tls.hasUnsentRecord {
          isWritable = false
          return taken
        }
      }
    }
    return taken
  }

  /// Sends content in memory, as much as the socket takes or as one client may have at a time.
  func sendSlices(_ delivery: inout SliceDelivery) -> Delivery.Verdict {
    let verdict = delivery.sendPending(atMost: FileDelivery.slice) { send($0, more: $1) }
    if verdict == .wait, isWritable { loop.runAgain(self) }
    return verdict
  }

  /// Sends a file, as much as the socket takes or as one client may have at a time.
  func sendFile(_ delivery: inout FileDelivery) -> Delivery.Verdict {
    guard isWritable else { return .wait }
    let onRead: @Sendable () -> Void = { [mailbox = loop.mailbox, key] in
      mailbox.post { $0.ready.append(key) }
    }
    guard let tls else {
      switch delivery.reach(loop.service.readers, onRead: onRead) {
      case .atHand: break
      case .later: return .wait
      case .broken: return .broken
      }
      var hasMore = false
      let verdict = delivery.sendPending(to: descriptor, hasMore: &hasMore)
      if hasMore { loop.runAgain(self) } else if verdict == .wait { isWritable = false }
      return verdict
    }
    let record = loop.scratch.record
    for _ in 0..<FileDelivery.slice / record.count {
      if delivery.isComplete { return .complete }
      switch delivery.read(into: record, loop.service.readers, onRead: onRead) {
      case .later: return .wait
      case .broken: return .broken
      case .bytes(let count):
        guard let taken = sendRecords(tls, UnsafeRawBufferPointer(rebasing: record[..<count])) else { return .broken }
        delivery.took(taken)
      }
      if !isWritable {
        delivery.forget()
        return delivery.isComplete ? .complete : .wait
      }
    }
    loop.runAgain(self)
    return .wait
  }

  /// Sends what TLS keeps.
  /// - Returns: whether nothing is kept any more, and the connection is there.
  private func flush() -> Bool {
    guard let tls, tls.hasUnsentRecord else { return true }
    switch tls.flush() {
    case true?: return true
    case false?: isWritable = false
    case nil: close()
    }
    return false
  }

  /// The kernel keeps no more unsent bytes than that; it doubles the number (socket(7)).
  func limitKernelBuffer(to bytes: Int32) {
    var size = bytes
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  /// From now on, the kernel takes bytes only while it holds fewer unsent ones (tcp(7), TCP_NOTSENT_LOWAT). It would still
  /// join small pieces up to 64 kB without a look at that limit, but for those that end a record (send(2), MSG_EOR).
  func limitUnsent(to bytes: Int32) {
    var limit = bytes
    endsRecords = true
    tls?.keepRecordsApart()
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &limit, socklen_t(MemoryLayout<Int32>.size))
  }

  // The end

  /// The present step has not ended in time.
  func isOverdue(_ step: Deadlines.Step) {
    if isOpen, case .postponed(let end) = conversation?.isOverdue(step) {
      return loop.deadlines.postpone(slot, until: end)
    }
    if case .closed = phase { return }
    loop.count(step)
    switch step {
    case .content, .answer: discardUnsent()
    case .firstRequest, .nextRequest, .closing: break
    }
    close()
  }

  /// Closes when the last bytes are sent.
  /// - Parameter lingering: whether the client may still be sending.
  func finish(lingering: Bool) {
    guard isOpen else { return }
    loop.deadlines.answerBegins(slot, bytes: 0, at: loop.now)
    if let tls, tls.hasUnsentRecord {
      phase = .ending(lingering: lingering)
    } else {
      end(lingering: lingering)
    }
  }

  private func end(lingering: Bool) {
    tls?.end()
    if lingering { linger() } else { close() }
  }

  private func linger() {
    shutdown(descriptor, Int32(SHUT_WR))
    phase = .lingering
    loop.deadlines.closing(slot, until: loop.now + Self.lingering)
    discard()
  }

  private func discard() {
    let input = loop.scratch.input
    for _ in 0..<Self.turn {
      let count = recv(descriptor, input.baseAddress, input.count, 0)
      if count > 0 { continue }
      if count < 0, errno == EAGAIN { return }
      break
    }
    close()
  }

  /// Makes the kernel throw away unsent bytes at the close. The kernel would offer them to the client for minutes.
  func discardUnsent() {
    var drop = linger_option(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &drop, socklen_t(MemoryLayout<linger_option>.size))
  }

  /// The server ends.
  func serverEnds() {
    if isOpen { conversation?.serverEnds() }
    close()
  }

  /// Closes at once.
  func close() {
    if case .closed = phase { return }
    phase = .closed
    Glibc.close(descriptor)
    conversation?.closed()
    conversation = nil
    loop.leave(self)
  }
}

private typealias linger_option = linger

extension Epoll.Events {
  /// The connection is gone in both directions.
  fileprivate static let broken = Epoll.Events(rawValue: 0x8 | 0x10)
}
