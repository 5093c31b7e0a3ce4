import System

/// The protocol of a connection, as the owner of exchanges.
protocol ExchangeOwner: AnyObject {
  /// Sends the bytes that the client lacks, and ends the answer when there are no more.
  /// - Parameters:
  ///   - latest: the chunk that was made last for any listener.
  ///   - total: the bytes of content that the listener took are added to it.
  func sendOn(_ exchange: Exchange, latest: inout Chunk?, total: inout Int)
  /// Asks the handler, and answers or holds the request.
  func ask(_ exchange: Exchange)
}

/// One request and the progress of its answer. Used again for later requests.
final class Exchange: Follower {
  /// The content of an answer on its way.
  enum Content {
    case none
    case slices(SliceDelivery)
    case chunks(Delivery)
    case growth(GrowthDelivery)
    case endless(EndlessDelivery)
    case file(FileDelivery)
  }

  /// Nil once the exchange is over.
  var owner: (any ExchangeOwner)?
  var place: Int?
  var list: FollowerList?
  /// The stream of HTTP/2; 0 for HTTP/1.1.
  var stream: Int32 = 0

  // The request
  var client = Client()
  /// For the access log; nil where nobody asked for one.
  var line: RequestLine?
  var began = MonotonicTime(nanoseconds: 0)
  /// Set while the handler may be asked.
  var request: Request?
  var heldSince: MonotonicTime?
  var isHead = false
  var takesChunks = false
  var isVersion10 = false
  /// Whether the method is SOURCE.
  var isSource = false
  var keepsConnection = false
  /// Whether the client waits for a 100 before it sends the content.
  var expectsContinue = false

  // The content of the request
  var framing: HTTP1Machine.Framing?
  var content: [UInt8]?
  /// The most bytes of `content`.
  var contentLimit = 0
  var receiver: (any ContentReceiver)?
  var received = 0
  /// The start of the content, moved by the time of the receiver's pauses.
  var contentBegan = MonotonicTime(nanoseconds: 0)
  /// Nil while the receiver takes content.
  var pausedSince: MonotonicTime?
  /// Content of HTTP/2 that came during a pause; the client's window bounds it.
  var kept: [UInt8] = []
  /// Whether the content of HTTP/2 ended during a pause.
  var endsAfterPause = false

  // The answer
  var response: Response?
  var answerBegan = MonotonicTime(nanoseconds: 0)
  /// The rest of a head that the socket did not take.
  var head: [UInt8] = []
  var delivery = Content.none
  /// Whether the end of the chunks is still to be sent.
  var owesEnd = false
  /// The deadline of one stream of HTTP/2; nil where nothing is due.
  var due: MonotonicTime?
  /// Whether the head of the answer is sent. Only then the answer counts.
  var hasSentHead = false
  /// The places that the request takes; nil where it takes none.
  var claim: Admissions.Claim?

  /// Bytes of content that the client has taken.
  var sent: Int {
    switch delivery {
    case .none: 0
    case .slices(let delivery): delivery.sent
    case .chunks(let delivery): delivery.sent
    case .growth(let delivery): delivery.sent
    case .endless(let delivery): delivery.sent
    case .file(let delivery): delivery.sent
    }
  }

  // The pauses of the receiver

  func pause(at now: MonotonicTime) {
    pausedSince = now
  }

  /// - Returns: false if there is no pause.
  func resume(at now: MonotonicTime) -> Bool {
    guard let since = pausedSince else { return false }
    pausedSince = nil
    contentBegan = contentBegan + (now - since)
    return true
  }

  /// The deadline of the next piece of content. A client that sends more slowly than the receiver allows runs into it.
  func contentDeadline(_ deadlines: Deadlines, at now: MonotonicTime) -> MonotonicTime {
    guard let rate = receiver?.slowestRate else { return deadlines.end(ofAnswer: 0, from: now) }
    return deadlines.end(ofAnswer: 0, from: contentBegan + Deadlines.time(for: received, at: rate))
  }

  /// The deadline of an answer whose content is a file, or long. The client reads at the slowest allowed rate on average: a
  /// deadline of the whole content would let a client that reads nothing stay for hours, and keep the memory of the content.
  func movingDeadline(_ deadlines: Deadlines) -> MonotonicTime? {
    switch delivery {
    case .file: break
    case .slices: guard response?.isLong == true else { return nil }
    case .none, .chunks, .growth, .endless: return nil
    }
    return deadlines.end(ofAnswer: sent, from: answerBegan)
  }

  /// Forgets everything.
  func clear() {
    owner = nil
    place = nil
    list = nil
    stream = 0
    line = nil
    request = nil
    heldSince = nil
    framing = nil
    content = nil
    receiver = nil
    received = 0
    pausedSince = nil
    endsAfterPause = false
    due = nil
    hasSentHead = false
    claim = nil
    response = nil
    delivery = .none
    owesEnd = false
    expectsContinue = false
    if !head.isEmpty { head = [] }
    if !kept.isEmpty { kept = [] }
  }

  func sendOn(latest: inout Chunk?, total: inout Int) {
    owner?.sendOn(self, latest: &latest, total: &total)
  }

  func askAgain() {
    owner?.ask(self)
  }
}
