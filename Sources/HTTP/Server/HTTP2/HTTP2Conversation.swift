import Core
import Glibc
import Synchronization
import System

/// HTTP/2 on one connection (RFC 9113): requests are answered side by side, each on a stream of its own.
final class HTTP2Conversation: Conversation {
  private unowned let connection: Connection
  private lazy var session = HTTP2Session(delegate: self)
  private var exchanges: [Int32: Exchange] = [:]
  private var isFlushing = false
  private var isOver = false
  /// Whether the deadline of a request runs. Only a request ends the wait: PING frames do not.
  private var awaitsRequest = true
  /// Bytes of the session that the socket did not take.
  private var unsent: [UInt8] = []

  init(on connection: Connection) {
    self.connection = connection
  }

  private var loop: Loop { connection.loop }
  private var service: Service { connection.loop.service }

  var wantsInput: Bool { !isOver }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    session.receive(bytes, at: loop.now)
    canSend()
    setDeadline()
  }

  func inputEnded() {
    connection.close()
  }

  /// Sends the session's bytes as far as the socket takes them.
  func canSend() {
    guard !isFlushing, !isOver else { return }
    isFlushing = true
    let isThere = flush()
    isFlushing = false
    guard isThere else { return connection.close() }
    if session.wantsToEnd, unsent.isEmpty { connection.finish(lingering: true) }
  }

  /// - Returns: false if the client is gone.
  private func flush() -> Bool {
    let buffer = loop.scratch.record
    var total = 0
    while connection.takesBytes {
      // A client that takes everything at once must not hold up the others.
      if total > FileDelivery.slice {
        loop.runAgain(connection)
        break
      }
      if !unsent.isEmpty {
        guard let count = unsent.withUnsafeBytes({ connection.send($0, more: false) }) else { return false }
        unsent.removeFirst(count)
        if !unsent.isEmpty { break }
        unsent = []
      }
      let count = session.output(into: buffer)
      if count == 0 { break }
      total += count
      guard let sent = connection.send(UnsafeRawBufferPointer(rebasing: buffer[..<count]), more: false) else {
        return false
      }
      if sent < count { unsent = Array(buffer[sent..<count]) }
    }
    return true
  }

  // Deadlines

  /// The earliest deadline of the streams; between requests that of the next request.
  private func setDeadline() {
    guard !isOver, connection.isOpen else { return }
    if !exchanges.isEmpty {
      loop.deadlines.await(connection.slot, until: nextDue)
    } else if !awaitsRequest {
      awaitsRequest = true
      loop.deadlines.answerEnded(connection.slot, at: loop.now)
    }
  }

  private var nextDue: MonotonicTime {
    exchanges.values.compactMap(\.due).min() ?? MonotonicTime(nanoseconds: .max)
  }

  func isOverdue(_ step: Deadlines.Step) -> Lateness {
    guard !exchanges.isEmpty else { return .close }
    for exchange in Array(exchanges.values) where exchange.due.map({ $0 <= loop.now }) ?? false {
      if let bytes = exchange.response?.unwritten {
        exchange.due = loop.deadlines.end(ofAnswer: bytes, from: loop.now)
      } else if let end = exchange.movingDeadline(loop.deadlines), end > loop.now {
        exchange.due = end
      } else {
        loop.count(.answer)
        exchange.due = nil
        session.reset(stream: exchange.stream, code: .cancel)
      }
    }
    canSend()
    if isOver { return .close }
    return .postponed(until: exchanges.isEmpty ? loop.deadlines.end(ofAnswer: 0, from: loop.now) : nextDue)
  }

  /// RFC 9113 §6.8: "GOAWAY allows an endpoint to gracefully stop accepting new streams while still finishing processing of
  /// previously established streams."
  func serverEnds() {
    session.shutDown()
    canSend()
  }

  func closed() {
    isOver = true
    session.close()
    for exchange in exchanges.values { end(exchange) }
    exchanges = [:]
  }
}

// Requests

extension HTTP2Conversation: HTTP2Delegate {
  func onRequest(stream: Int32, head arrived: HTTP2RequestHead, hasContent: Bool) {
    let head = RequestHead(
      method: arrived.method, target: arrived.target, version: "HTTP/2.0", headers: arrived.headers,
      client: connection.client(arrived.headers))
    let exchange = begin(stream, head)
    if connection.isOverLimit {
      respond(exchange, service.full)
      return session.shutDown()
    }
    // A request beside others counts like a connection.
    if let claim = connection.claim(of: head.client, isBesideOthers: exchanges.count > 1),
      let refusal = service.admit(exchange, claim)
    {
      return respond(exchange, refusal)
    }
    if let refusal = arrived.refusal { return respond(exchange, refusal.adding(service.headers)) }
    switch head.verdict(&loop.scratch.targets) {
    case .answered(let response): respond(exchange, response.adding(service.headers))
    case .accepted(let request):
      exchange.request = request
      if hasContent { askForContent(exchange, head, length: nil) } else { ask(exchange) }
    case .acceptedWithContent(let request, let length):
      exchange.request = request
      askForContent(exchange, head, length: length)
    }
  }

  private func begin(_ stream: Int32, _ head: RequestHead) -> Exchange {
    let exchange = loop.scratch.takeExchange()
    exchange.owner = self
    exchange.client = head.client
    exchange.began = loop.now
    (exchange.stream, exchange.isHead) = (stream, head.method == "HEAD")
    if service.onAnswer != nil { exchange.line = head.line }
    exchanges[stream] = exchange
    awaitsRequest = false
    return exchange
  }

  private func askForContent(_ exchange: Exchange, _ head: RequestHead, length: Int?) {
    guard var request = exchange.request else { return }
    request.content = nil
    exchange.request = request
    switch request.method {
    case .get, .head, .options: return respond(exchange, .text(413, "content is not accepted here\n"))
    case .put, .other: break
    }
    switch service.reply(to: request, waited: 0) {
    case .respond(let response): return respond(exchange, response)
    case .hold, .holdFor, .upgrade: return session.reset(stream: exchange.stream, code: .internalError)
    case .content(let limit):
      guard length ?? 0 <= limit else { return respond(exchange, .contentTooLarge(limit)) }
      (exchange.content, exchange.contentLimit) = ([], limit)
      exchange.due = loop.now + .seconds(service.limits.headerSeconds)
    case .receive(let receiver): accept(receiver, for: exchange)
    }
    if head.expectsContinue { session.askForContent(stream: exchange.stream) }
  }

  private func accept(_ receiver: any ContentReceiver, for exchange: Exchange) {
    (exchange.receiver, exchange.contentBegan) = (receiver, loop.now)
    exchange.due = exchange.contentDeadline(loop.deadlines, at: loop.now)
    let (mailbox, held, stream) = (loop.mailbox, WeakHTTP2Conversation(self), exchange.stream)
    // The functions run on the loop's thread, where the conversation lives.
    @Sendable func call(_ body: @escaping @Sendable (HTTP2Conversation, Exchange) -> Void) {
      mailbox.post { messages in
        messages.calls.append {
          guard let conversation = held.value, let exchange = conversation.exchanges[stream],
            exchange.receiver === receiver
          else { return }
          body(conversation, exchange)
          conversation.canSend()
          conversation.setDeadline()
        }
      }
    }
    receiver.begin(
      ContentControl(
        onResume: { call { $0.resume($1) } },
        onRefuse: { response in call { $0.refuse($1, response) } }))
  }

  func onContent(stream: Int32, bytes: UnsafeRawBufferPointer) {
    guard let exchange = exchanges[stream], exchange.response == nil else {
      return session.consumed(stream: stream, count: bytes.count)
    }
    exchange.received += bytes.count
    guard let receiver = exchange.receiver else {
      session.consumed(stream: stream, count: bytes.count)
      guard exchange.received <= exchange.contentLimit else {
        return respond(exchange, .contentTooLarge(exchange.contentLimit))
      }
      exchange.content?.append(contentsOf: bytes)
      return
    }
    if exchange.pausedSince != nil {
      // The client may still send as much as the window has room for.
      exchange.kept += bytes
      session.keep(stream: stream, count: bytes.count)
    } else {
      give(receiver, bytes, of: exchange)
    }
  }

  private func give(_ receiver: any ContentReceiver, _ bytes: UnsafeRawBufferPointer, of exchange: Exchange) {
    exchange.due = exchange.contentDeadline(loop.deadlines, at: loop.now)
    let demand = receiver.receive(bytes)
    session.consumed(stream: exchange.stream, count: bytes.count)
    switch demand {
    case .more: break
    case .pause:
      exchange.pause(at: loop.now)
      exchange.due = nil
    case .refuse(let response): refuse(exchange, response)
    }
  }

  private func resume(_ exchange: Exchange) {
    guard let receiver = exchange.receiver, exchange.resume(at: loop.now) else { return }
    exchange.due = exchange.contentDeadline(loop.deadlines, at: loop.now)
    let kept = exchange.kept
    exchange.kept = []
    if !kept.isEmpty { kept.withUnsafeBytes { give(receiver, $0, of: exchange) } }
    if exchange.endsAfterPause, exchange.pausedSince == nil { onContentEnd(stream: exchange.stream) }
  }

  func onContentEnd(stream: Int32) {
    guard let exchange = exchanges[stream], exchange.response == nil else { return }
    if exchange.pausedSince != nil {
      exchange.endsAfterPause = true
      return
    }
    exchange.due = nil
    if let receiver = exchange.receiver {
      exchange.receiver = nil
      return respond(exchange, receiver.end())
    }
    exchange.request?.content = exchange.content ?? []
    exchange.content = nil
    ask(exchange)
  }

  /// Answers; the rest of the content is not read.
  private func refuse(_ exchange: Exchange, _ response: Response) {
    exchange.receiver?.abandoned()
    exchange.receiver = nil
    respond(exchange, response)
  }

  func onHeadSent(stream: Int32) {
    if let exchange = exchanges[stream], exchange.response != nil { exchange.hasSentHead = true }
  }

  func onMalformedRequest() {
    service.log("a malformed request of HTTP/2 was reset")
    service.admissions.withLock { $0.figures.malformedRequests += 1 }
  }

  func onClosed(stream: Int32, code: HTTP2ErrorCode) {
    guard let exchange = exchanges.removeValue(forKey: stream) else { return }
    end(exchange)
    // The time to the next request begins, whoever sent the end of the answer.
    if exchanges.isEmpty { setDeadline() }
  }

  func onAbuse(_ abuse: HTTP2Abuse) {
    service.log("an HTTP/2 connection ends: \(abuse.rawValue)")
    service.admissions.withLock { $0.figures.abuses[abuse.rawValue, default: 0] += 1 }
  }
}

// Answers

extension HTTP2Conversation: ExchangeOwner {
  func ask(_ exchange: Exchange) {
    guard let request = exchange.request else { return }
    let now = MonotonicTime.now
    switch service.reply(to: request, waited: (now - (exchange.heldSince ?? now)).nanoseconds) {
    case .respond(let response): respond(exchange, response)
    case .hold: return hold(exchange, in: .held, at: now)
    case .holdFor(let channel): return hold(exchange, in: .heldFor(channel), at: now)
    case .content: preconditionFailure("a handler asks for content that it has")
    case .receive(let receiver):
      // The content is empty: its end came with the head.
      loop.unfollow(exchange)
      accept(receiver, for: exchange)
      onContentEnd(stream: exchange.stream)
    case .upgrade: respond(exchange, .badRequest("this needs HTTP/1.1"))
    }
    // Outside of the session's own events nobody else sends.
    if exchange.heldSince != nil {
      canSend()
      setDeadline()
    }
  }

  private func hold(_ exchange: Exchange, in list: FollowerList, at now: MonotonicTime) {
    guard exchange.heldSince == nil else { return }
    exchange.heldSince = now
    loop.follow(exchange, in: list)
  }

  private func respond(_ exchange: Exchange, _ response: Response) {
    loop.unfollow(exchange)
    exchange.request = nil
    exchange.response = response
    exchange.answerBegan = loop.now
    exchange.due = loop.deadlines.end(ofAnswer: response.firstDue, from: loop.now)
    let hasContent = !exchange.isHead && response.status != 304 && response.status != 204
    if hasContent { exchange.delivery = Self.delivery(of: response) }
    var headers = response.headers
    headers.append((name: "X-Content-Type-Options", value: "nosniff"))
    if let length = response.contentLength { headers.append((name: "Content-Length", value: "\(length)")) }
    headers.append((name: "Date", value: HTTPDate.text(time(nil))))
    session.respond(
      stream: exchange.stream, status: response.status, headers: headers,
      content: hasContent ? { [unowned self] in self.read(exchange, into: $0) } : nil)
    if hasContent, let list = response.followers { loop.follow(exchange, in: list) }
  }

  private static func delivery(of response: Response) -> Exchange.Content {
    if let growth = response.growing { return .growth(GrowthDelivery(of: growth)) }
    if let endless = response.endless { return .endless(EndlessDelivery(endless, clock: { .now })) }
    if let file = response.file { return .file(FileDelivery(of: file)) }
    return .slices(SliceDelivery(of: response.body))
  }

  /// Copies the next bytes of an answer into a frame. Called by the session when the windows of the client allow.
  private func read(_ exchange: Exchange, into buffer: UnsafeMutableRawBufferPointer) -> HTTP2Session.ContentRead {
    var filled = 0
    let copy: Delivery.Send = { bytes, _ in
      let count = min(bytes.count, buffer.count - filled)
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + count]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      filled += count
      return count
    }
    let before = exchange.sent
    var verdict = send(exchange, copy, into: buffer)
    if case .file = exchange.delivery { filled = exchange.sent - before }
    // A full frame is no lag.
    if verdict == .late, filled > 0 { verdict = .wait }
    if exchange.response?.followers != nil { service.traffic.sent(exchange.sent - before) }
    switch verdict {
    case .complete: return .bytes(filled, isLast: true)
    case .wait: return filled > 0 ? .bytes(filled, isLast: false) : .wait
    case .broken, .late: return .broken
    }
  }

  private func send(
    _ exchange: Exchange, _ copy: Delivery.Send, into buffer: UnsafeMutableRawBufferPointer
  ) -> Delivery.Verdict {
    switch exchange.delivery {
    case .none, .chunks: return .complete
    case .slices(var delivery):
      exchange.delivery = .none
      defer { exchange.delivery = .slices(delivery) }
      return delivery.sendPending(copy)
    case .growth(var delivery):
      exchange.delivery = .none
      defer { exchange.delivery = .growth(delivery) }
      return delivery.sendPending(copy)
    case .endless(var delivery):
      exchange.delivery = .none
      defer { exchange.delivery = .endless(delivery) }
      var (latest, total): (Chunk?, Int) = (nil, 0)
      return delivery.sendPending(latest: &latest, total: &total, send: copy)
    case .file(var delivery):
      exchange.delivery = .none
      defer { exchange.delivery = .file(delivery) }
      let (mailbox, stream, conversation) = (loop.mailbox, exchange.stream, WeakHTTP2Conversation(self))
      let read = delivery.read(into: buffer, service.readers) {
        mailbox.post { $0.calls.append { conversation.value?.goOn(stream) } }
      }
      switch read {
      case .later: return .wait
      case .broken: return .broken
      case .bytes(let count):
        delivery.took(count)
        return delivery.isComplete ? .complete : .wait
      }
    }
  }

  private func goOn(_ stream: Int32) {
    guard exchanges[stream] != nil else { return }
    session.resume(stream: stream)
    canSend()
    // A client whose window is closed may take the rest much later.
    if let exchange = exchanges[stream], case .file(var delivery) = exchange.delivery {
      exchange.delivery = .none
      delivery.forget()
      exchange.delivery = .file(delivery)
    }
    setDeadline()
  }

  func sendOn(_ exchange: Exchange, latest: inout Chunk?, total: inout Int) {
    if isLate(exchange) {
      service.traffic.disconnectedLagging()
      service.onTrouble(.late)
      session.reset(stream: exchange.stream, code: .cancel)
    } else {
      session.resume(stream: exchange.stream)
    }
    canSend()
  }

  /// The session asks for no content while the client's window is closed. So the lag is looked at here.
  private func isLate(_ exchange: Exchange) -> Bool {
    guard case .endless(var delivery) = exchange.delivery else { return false }
    exchange.delivery = .none
    defer { exchange.delivery = .endless(delivery) }
    var (latest, total): (Chunk?, Int) = (nil, 0)
    return delivery.sendPending(latest: &latest, total: &total) { _, _ in 0 } == .late
  }

  /// The stream is over.
  private func end(_ exchange: Exchange) {
    loop.unfollow(exchange)
    exchange.receiver?.abandoned()
    exchange.receiver = nil
    service.finished(exchange)
    loop.scratch.giveBack(exchange)
  }
}

/// Unchecked: the reference is used on the loop's thread only.
private final class WeakHTTP2Conversation: @unchecked Sendable {
  weak var value: HTTP2Conversation?

  init(_ value: HTTP2Conversation) {
    self.value = value
  }
}
