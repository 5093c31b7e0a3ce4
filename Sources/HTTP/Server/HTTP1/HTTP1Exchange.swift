import System

/// One request of HTTP/1.1 or HTTP/1.0, and the progress of its answer. Used again for later requests.
final class HTTP1Exchange: Follower {
  /// The content of an answer on its way.
  enum Content {
    case none
    case slices(SliceDelivery)
    case chunks(Delivery)
    case growth(GrowthDelivery)
    case endless(EndlessDelivery)
    case file(FileDelivery)
  }

  weak var conversation: HTTP1Conversation?
  var place: Int?
  var list: FollowerList?

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
  var receiver: (any ContentReceiver)?
  var received = 0

  // The answer
  var response: Response?
  /// The rest of a head that the socket did not take.
  var head: [UInt8] = []
  var delivery = Content.none
  /// Whether the end of the chunks is still to be sent, and the bytes of that end that are sent.
  var owesEnd = false

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
    (conversation, place, list) = (nil, nil, nil)
    (line, request, heldSince, framing, content, receiver) = (nil, nil, nil, nil, nil, nil)
    received = 0
    (response, delivery, owesEnd) = (nil, .none, false)
    if !head.isEmpty { head = [] }
  }

  func sendOn(latest: inout Chunk?, total: inout Int) {
    conversation?.sendOn(self, latest: &latest, total: &total)
  }

  func askAgain() {
    conversation?.ask()
  }
}
