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

  weak var owner: (any ExchangeOwner)?
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
  var keepsConnection = false

  // The content of the request
  var framing: HTTP1Machine.Framing?
  var content: [UInt8]?
  /// The most bytes of `content`.
  var contentLimit = 0
  var receiver: (any ContentReceiver)?
  var received = 0
  /// Bytes of HTTP/2 that the receiver has taken and for which the client may not send others yet.
  var owed = 0
  var isPaused = false

  // The answer
  var response: Response?
  /// The rest of a head that the socket did not take.
  var head: [UInt8] = []
  var delivery = Content.none
  /// Whether the end of the chunks is still to be sent.
  var owesEnd = false
  /// The deadline of one stream of HTTP/2; nil where nothing is due.
  var due: MonotonicTime?
  /// Whether the request counts like a connection.
  var isCounted = false

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

  /// Forgets everything.
  func clear() {
    (owner, place, list, stream) = (nil, nil, nil, 0)
    (line, request, heldSince, framing, content, receiver) = (nil, nil, nil, nil, nil, nil)
    (received, isPaused, owed, due, isCounted) = (0, false, 0, nil, false)
    (response, delivery, owesEnd) = (nil, .none, false)
    if !head.isEmpty { head = [] }
  }

  func sendOn(latest: inout Chunk?, total: inout Int) {
    owner?.sendOn(self, latest: &latest, total: &total)
  }

  func askAgain() {
    owner?.ask(self)
  }
}
