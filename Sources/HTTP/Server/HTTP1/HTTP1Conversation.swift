import Core
import Glibc
import System

/// HTTP/1.1 and HTTP/1.0 on one connection (RFC 9112): requests are read, asked and answered one after the other.
final class HTTP1Conversation: Conversation, ExchangeOwner {
  private enum State {
    /// A head is read.
    case head
    /// The content of a request is read.
    case content
    /// The receiver of the content takes no more for now.
    case paused
    /// The handler holds the request.
    case held
    case answer
    /// Nothing is read or answered any more.
    case over
  }

  /// Unsafe, because the connection owns the conversation, and every request reads this.
  private unowned(unsafe) let connection: Connection
  private var machine = HTTP1Machine()
  private var state = State.head
  /// Bytes that came while they could not be used.
  private var kept: [UInt8] = []
  /// The client has sent its last byte.
  private var isAtEnd = false
  private var isProcessing = false
  /// The protocol that the connection speaks after an upgrade.
  private weak var next: WebSocketConversation?
  private var exchange: Exchange?

  init(on connection: Connection) {
    self.connection = connection
  }

  private var loop: Loop { connection.loop }
  private var service: Service { connection.loop.service }

  // Input

  var wantsInput: Bool {
    switch state {
    case .head, .content: kept.isEmpty
    case .paused, .held, .answer, .over: false
    }
  }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    var input = bytes
    process(&input)
    guard !input.isEmpty else { return }
    if let next { next.receive(input) } else { kept = Array(input) }
  }

  func inputEnded() {
    isAtEnd = true
    switch state {
    // What TLS keeps is sent before.
    case .head: connection.finish(lingering: false)
    case .content:
      guard machine.inputEnded() != nil else { return connection.close() }
      contentEnded()
    case .paused, .held, .answer, .over: break
    }
  }

  /// Goes on with the bytes that were kept, and with those that the socket has.
  private func goOn() {
    if isProcessing { return }
    // Once without bytes, too: a receiver may pause at the last piece of its content, and the end needs no byte.
    while !isBusy {
      let bytes = kept
      kept = []
      bytes.withUnsafeBytes { bytes in
        var input = bytes
        process(&input)
        if !input.isEmpty { kept = Array(input) }
      }
      if kept.isEmpty { break }
    }
    if isBusy || !connection.isOpen { return }
    if isAtEnd { inputEnded() } else { connection.read() }
  }

  private var isBusy: Bool {
    switch state {
    case .head, .content: false
    case .paused, .held, .answer, .over: true
    }
  }

  private func process(_ input: inout UnsafeRawBufferPointer) {
    isProcessing = true
    defer { isProcessing = false }
    while !isBusy, let event = machine.next(&input, fields: &loop.scratch.fields) {
      switch event {
      case .head(let head): headArrived(head)
      case .content(let bytes): contentArrived(bytes)
      case .contentEnd: contentEnded()
      case .refused(let response, let line): refused(response, line)
      }
    }
  }

  // A request

  private func begin(_ line: @autoclosure () -> RequestLine) -> Exchange {
    let exchange = loop.scratch.takeExchange()
    exchange.owner = self
    exchange.client = connection.client
    exchange.began = loop.now
    if service.onAnswer != nil { exchange.line = line() }
    self.exchange = exchange
    loop.deadlines.requestArrived(connection.slot)
    return exchange
  }

  private func headArrived(_ arrived: RequestHead) {
    var head = arrived
    head.client = connection.client(head.headers)
    let exchange = begin(head.line)
    exchange.client = head.client
    (exchange.isHead, exchange.isVersion10) = (head.method == "HEAD", head.isVersion10)
    exchange.isSource = head.method == "SOURCE"
    (exchange.takesChunks, exchange.keepsConnection) = (!head.isVersion10, head.keepsConnection)
    if connection.isOverLimit { return refuse(service.full) }
    if let claim = connection.claim(of: head.client, isBesideOthers: false),
      let refusal = service.admit(exchange, claim)
    {
      return refuse(refusal)
    }
    switch head.verdict(&loop.scratch.targets) {
    case .answered(let response): refuse(response.adding(service.headers))
    case .accepted(let request):
      exchange.request = request
      exchange.expectsContinue = head.expectsContinue
      switch request.method {
      // RFC 9110 §10.1.1; nothing is sent after that 100.
      case .get, .head, .options: sendContinueIfExpected(exchange)
      // The content may go on to the end of the connection, if the handler wants it.
      case .put, .other: break
      }
      ask(exchange)
    case .acceptedWithContent(let request, let length):
      exchange.request = request
      exchange.framing = length.map { .length($0) } ?? .chunked
      exchange.expectsContinue = head.expectsContinue
      askForContent()
    }
  }

  /// The handler decides by the head alone whether the content is read.
  private func askForContent() {
    guard let exchange, let request = exchange.request, let framing = exchange.framing else { return }
    switch service.reply(to: request, waited: 0) {
    case .respond(let response): return refuse(response)
    case .hold, .holdFor, .upgrade: return connection.close()
    case .content(let limit):
      guard case .length(let length) = framing else { return refuse(.lengthRequired) }
      guard length <= limit else { return refuse(.contentTooLarge(limit)) }
      exchange.content = []
      exchange.content?.reserveCapacity(length)
      loop.deadlines.contentExpected(connection.slot, at: loop.now)
    case .receive(let receiver): accept(receiver)
    }
    machine.expect(framing)
    state = .content
    sendContinueIfExpected(exchange)
  }

  private func accept(_ receiver: any ContentReceiver) {
    guard let exchange else { return }
    (exchange.receiver, exchange.contentBegan) = (receiver, loop.now)
    loop.deadlines.await(connection.slot, until: exchange.contentDeadline(loop.deadlines, at: loop.now))
    // The functions run on the loop's thread, where the conversation lives.
    let (mailbox, held) = (loop.mailbox, WeakConversation(self))
    @Sendable func call(_ body: @escaping @Sendable (HTTP1Conversation) -> Void) {
      mailbox.post { messages in
        messages.calls.append {
          guard let conversation = held.value, conversation.exchange?.receiver === receiver else { return }
          body(conversation)
        }
      }
    }
    receiver.begin(
      ContentControl(
        onResume: { call { $0.resume() } },
        onRefuse: { response in call { $0.refuse(response) } }))
  }

  private func sendContinueIfExpected(_ exchange: Exchange) {
    guard exchange.expectsContinue else { return }
    exchange.expectsContinue = false
    let answer = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    // A socket that can not take 25 bytes is one whose client does not read. The client would take the next answer for
    // the rest of this one.
    if answer.withUnsafeBytes({ connection.send($0, more: false) }) != answer.count { connection.close() }
  }

  private func contentArrived(_ bytes: UnsafeRawBufferPointer) {
    guard let exchange else { return }
    exchange.received += bytes.count
    guard let receiver = exchange.receiver else {
      exchange.content?.append(contentsOf: bytes)
      return
    }
    extendDeadline(of: exchange)
    switch receiver.receive(bytes) {
    case .more: break
    case .pause:
      state = .paused
      exchange.pause(at: loop.now)
      loop.deadlines.requestArrived(connection.slot)
    case .refuse(let response): refuse(response)
    }
  }

  private func extendDeadline(of exchange: Exchange) {
    loop.deadlines.await(connection.slot, until: exchange.contentDeadline(loop.deadlines, at: loop.now))
  }

  private func resume() {
    guard case .paused = state, let exchange, exchange.resume(at: loop.now) else { return }
    state = .content
    extendDeadline(of: exchange)
    goOn()
  }

  private func contentEnded() {
    guard let exchange else { return }
    loop.deadlines.requestArrived(connection.slot)
    if let receiver = exchange.receiver {
      exchange.receiver = nil
      if case .untilEnd = exchange.framing { exchange.keepsConnection = false }
      return respond(receiver.end())
    }
    exchange.request?.content = exchange.content ?? []
    exchange.content = nil
    ask(exchange)
  }

  private func refused(_ response: Response, _ line: RequestLine?) {
    if let exchange {
      // The content is malformed.
      exchange.receiver?.abandoned()
      exchange.receiver = nil
    } else {
      _ = begin(line ?? RequestLine(method: "", target: [], version: ""))
    }
    refuse(response.adding(service.headers))
  }

  // The answer

  func ask(_ exchange: Exchange) {
    guard let request = exchange.request else { return }
    let waited = exchange.heldSince.map { MonotonicTime.now.nanoseconds - $0.nanoseconds } ?? 0
    switch service.reply(to: request, waited: waited) {
    case .respond(let response): respond(response)
    case .hold: hold(exchange, in: .held)
    case .holdFor(let channel): hold(exchange, in: .heldFor(channel))
    case .content: preconditionFailure("a handler asks for content that it has")
    case .receive(let receiver): receive(exchange, request, receiver)
    case .upgrade(let upgrade):
      guard !exchange.isVersion10 else { return respond(.badRequest("a WebSocket needs HTTP/1.1")) }
      self.upgrade(exchange, upgrade)
    }
  }

  private func hold(_ exchange: Exchange, in list: FollowerList) {
    guard exchange.heldSince == nil else { return }
    exchange.heldSince = .now
    state = .held
    loop.follow(exchange, in: list)
  }

  /// Reads the content of a request whose head declares none.
  private func receive(_ exchange: Exchange, _ request: Request, _ receiver: any ContentReceiver) {
    loop.unfollow(exchange)
    accept(receiver)
    // RFC 9110 §8.6: a client declares an empty content by a Content-Length of 0.
    if request.header("Content-Length") != nil { return contentEnded() }
    // A source client of Icecast declares no length: its content goes on to the end of the connection.
    (exchange.framing, exchange.keepsConnection) = (.untilEnd, false)
    machine.expect(.untilEnd)
    state = .content
    if exchange.expectsContinue {
      sendContinueIfExpected(exchange)
    } else if let answer = receiver.earlyAnswer {
      exchange.response = answer
      guard sendHead(of: exchange, answer, withContent: true) == true else { return connection.close() }
    }
    goOn()
  }

  /// The connection speaks WebSocket from now on (RFC 9110 §7.8).
  private func upgrade(_ exchange: Exchange, _ upgrade: WebSocketUpgrade) {
    loop.unfollow(exchange)
    let response = Response(status: 101, headers: upgrade.headers)
    (exchange.request, exchange.response) = (nil, response)
    machine.end()
    state = .over
    let conversation = WebSocketConversation(upgrade, on: connection)
    let isWhole = sendHead(of: exchange, response, withContent: true) == true
    self.exchange = nil
    service.finished(exchange)
    loop.scratch.giveBack(exchange)
    guard isWhole else { return connection.close() }
    next = conversation
    connection.speak(conversation)
  }

  /// Answers, and reads nothing more of the client.
  private func refuse(_ response: Response) {
    exchange?.receiver?.abandoned()
    exchange?.receiver = nil
    exchange?.keepsConnection = false
    machine.end()
    respond(response)
  }

  private func respond(_ response: Response) {
    guard let exchange else { return }
    // The client has the answer that comes before its content.
    if exchange.response != nil { return end(exchange, isWhole: true) }
    loop.unfollow(exchange)
    // The handler is not asked again, and the answer may take long.
    exchange.request = nil
    (exchange.response, exchange.answerBegan) = (response, loop.now)
    state = .answer
    loop.deadlines.answerBegins(connection.slot, bytes: response.firstDue, at: loop.now)
    let isShort = prepare(exchange, response)
    guard let isSent = sendHead(of: exchange, response, withContent: isShort) else {
      return end(exchange, isWhole: false)
    }
    guard isSent else { return }
    if isShort { return end(exchange, isWhole: true) }
    var (latest, total): (Chunk?, Int) = (nil, 0)
    sendOn(exchange, latest: &latest, total: &total)
    service.traffic.sent(total)
  }

  /// Chooses the way in which the content goes out.
  /// - Returns: whether the content lies in memory, is not long, and may be sent together with the head.
  private func prepare(_ exchange: Exchange, _ response: Response) -> Bool {
    if exchange.isHead || response.status == 304 || response.status == 204 {
      if response.endless != nil { exchange.keepsConnection = false }
      exchange.delivery = .none
      return true
    }
    if let growth = response.growing {
      if exchange.takesChunks {
        exchange.delivery = .chunks(Delivery(of: growth.body, from: growth.from, to: growth.to))
      } else {
        exchange.delivery = .growth(GrowthDelivery(of: growth))
        exchange.keepsConnection = false
      }
      return false
    }
    if let endless = response.endless {
      exchange.delivery = .endless(EndlessDelivery(endless, clock: { .now }))
      exchange.keepsConnection = false
      return false
    }
    if let file = response.file {
      exchange.delivery = .file(FileDelivery(of: file))
      return false
    }
    exchange.delivery = .slices(SliceDelivery(of: response.body))
    return !response.isLong
  }

  /// - Parameter withContent: whether the content is sent, too.
  /// - Returns: whether everything is sent; nil if the client is gone.
  private func sendHead(of exchange: Exchange, _ response: Response, withContent: Bool) -> Bool? {
    let prepared = response.prepared
    let options = HTTP1Options.bytes(of: exchange)
    let date = loop.scratch.dateLine()
    let statusLine = exchange.isSource ? prepared.sourceStatusLine : prepared.statusLine
    return statusLine.withUnsafeBytes { status -> Bool? in
      prepared.fields.withUnsafeBytes { fields -> Bool? in
        var gathered = Gathered(in: loop.scratch.pieces)
        gathered.add(status)
        gathered.add(options)
        gathered.add(date)
        gathered.add(fields)
        let headBytes = gathered.bytes
        if withContent, case .slices = exchange.delivery { gathered.add(response.body) }
        let hasMore = !withContent || gathered.bytes - headBytes < contentBytes(of: exchange, response)
        let isComing = hasMore && response.hasContentNow
        let sent = connection.sendPieces(gathered.count, total: gathered.bytes, more: isComing)
        guard let sent else { return nil }
        if sent < headBytes { exchange.head = gathered.copy(from: sent, to: headBytes) }
        exchange.hasSentHead = sent >= headBytes
        if withContent, case .slices(var delivery) = exchange.delivery {
          exchange.delivery = .none
          delivery.took(max(0, sent - headBytes))
          exchange.delivery = .slices(delivery)
        }
        if sent == gathered.bytes, withContent, hasMore { return pump(exchange) }
        return sent == gathered.bytes
      }
    }
  }

  private func contentBytes(of exchange: Exchange, _ response: Response) -> Int {
    if case .slices = exchange.delivery { response.capacity } else { 0 }
  }

  /// Sends what is left of an answer whose content lies in memory.
  private func pump(_ exchange: Exchange) -> Bool? {
    var (latest, total): (Chunk?, Int) = (nil, 0)
    return switch send(exchange, &latest, &total) {
    case .complete: true
    case .wait: false
    case .broken, .late: nil
    }
  }

  func canSend() {
    guard case .answer = state, let exchange else { return }
    var (latest, total): (Chunk?, Int) = (nil, 0)
    sendOn(exchange, latest: &latest, total: &total)
    service.traffic.sent(total)
  }

  func sendOn(_ exchange: Exchange, latest: inout Chunk?, total: inout Int) {
    switch send(exchange, &latest, &total) {
    case .wait: followOn(exchange)
    case .complete: end(exchange, isWhole: true)
    case .broken: end(exchange, isWhole: false)
    case .late:
      service.traffic.disconnectedLagging()
      service.onTrouble(.late)
      connection.discardUnsent()
      end(exchange, isWhole: false)
    }
  }

  private func send(_ exchange: Exchange, _ latest: inout Chunk?, _ total: inout Int) -> Delivery.Verdict {
    guard sendKept(of: exchange) else { return connection.isOpen ? .wait : .broken }
    // The closures below do not outlive their calls, so that none needs memory of its own.
    let connection = connection
    switch exchange.delivery {
    case .none: return .complete
    case .slices(var delivery):
      exchange.delivery = .none
      defer { exchange.delivery = .slices(delivery) }
      return connection.sendSlices(&delivery)
    case .chunks(var delivery):
      if exchange.owesEnd { return sendEnd(of: exchange) }
      exchange.delivery = .none
      let verdict = delivery.sendPending(latest: &latest, total: &total) { connection.send($0, more: $1) }
      exchange.delivery = .chunks(delivery)
      guard verdict == .complete else { return verdict }
      exchange.owesEnd = true
      exchange.head = Array("0\r\n\r\n".utf8)
      return sendEnd(of: exchange)
    case .growth(var delivery):
      exchange.delivery = .none
      let before = delivery.sent
      defer {
        total += delivery.sent - before
        exchange.delivery = .growth(delivery)
      }
      return delivery.sendPending { connection.send($0, more: $1) }
    case .endless(var delivery):
      exchange.delivery = .none
      defer { exchange.delivery = .endless(delivery) }
      return delivery.sendPending(latest: &latest, total: &total) { connection.send($0, more: $1) }
    case .file(var delivery):
      exchange.delivery = .none
      defer { exchange.delivery = .file(delivery) }
      return connection.sendFile(&delivery)
    }
  }

  private func sendEnd(of exchange: Exchange) -> Delivery.Verdict {
    sendKept(of: exchange) ? .complete : connection.isOpen ? .wait : .broken
  }

  /// Sends the bytes of the head that the socket did not take before.
  /// - Returns: whether none are left.
  private func sendKept(of exchange: Exchange) -> Bool {
    if exchange.head.isEmpty { return true }
    guard let sent = exchange.head.withUnsafeBytes({ connection.send($0, more: false) }) else {
      end(exchange, isWhole: false)
      return false
    }
    exchange.head.removeFirst(sent)
    guard exchange.head.isEmpty else { return false }
    exchange.head = []
    exchange.hasSentHead = true
    return true
  }

  /// The answer goes on when its content grows.
  private func followOn(_ exchange: Exchange) {
    guard exchange.place == nil, let response = exchange.response, let list = response.followers else { return }
    if case .endless = list { connection.limitKernelBuffer(to: Self.kernelBuffer) }
    loop.follow(exchange, in: list)
  }

  /// Bytes that the kernel may keep of an endless answer. More would be a lag that the server can not see. 320 kbit/s with
  /// a round trip of one and a half seconds need this many.
  private static let kernelBuffer: Int32 = 32 << 10

  func isOverdue(_ step: Deadlines.Step) -> Lateness {
    guard case .answer = state, let exchange else { return .close }
    if let end = exchange.movingDeadline(loop.deadlines) { return end > loop.now ? .postponed(until: end) : .close }
    guard exchange.head.isEmpty, let bytes = exchange.response?.unwritten else { return .close }
    return .postponed(until: loop.deadlines.end(ofAnswer: bytes, from: loop.now))
  }

  private func end(_ exchange: Exchange, isWhole: Bool) {
    guard self.exchange === exchange else { return }
    self.exchange = nil
    loop.unfollow(exchange)
    let keeps = exchange.keepsConnection
    service.finished(exchange)
    loop.scratch.giveBack(exchange)
    if !isWhole {
      state = .over
      return connection.close()
    }
    guard keeps else {
      state = .over
      kept = []
      machine.end()
      return connection.finish(lingering: !isAtEnd)
    }
    state = .head
    loop.deadlines.answerEnded(connection.slot, at: loop.now)
    goOn()
  }

  /// HTTP/1.1 has no word for that but the end of the connection.
  func serverEnds() {}

  func closed() {
    state = .over
    guard let exchange else { return }
    exchange.receiver?.abandoned()
    exchange.receiver = nil
    end(exchange, isWhole: false)
  }
}

/// Unchecked: the reference is used on the loop's thread only.
private final class WeakConversation: @unchecked Sendable {
  weak var value: HTTP1Conversation?

  init(_ value: HTTP1Conversation) {
    self.value = value
  }
}
