import HTTP
import Synchronization
import System

/// Counts the listeners of one stream by their requests. See `ListenerTable`.
final class ListenerCounter: Sendable {
  struct Figures: Sendable {
    /// The listeners that are there now.
    var ways: [ListenerTable.Way: Int] = [:]
    /// The listeners that have come since the start.
    var sessions = 0

    /// The listeners that are there now, in all ways together.
    var now: Int { ways.values.reduce(0, +) }

    static func + (left: Figures, right: Figures) -> Figures {
      Figures(ways: left.ways.merging(right.ways, uniquingKeysWith: +), sessions: left.sessions + right.sessions)
    }
  }

  private let table: Mutex<ListenerTable>

  init(segmentLength: Duration) {
    table = Mutex(ListenerTable(timeout: ListenerTable.timeout(segmentLength: segmentLength)))
  }

  var figures: Figures {
    table.withLock { Figures(ways: $0.counts(at: .now), sessions: $0.sessions) }
  }

  /// Counts a page that asks for the stream's description and says that it listens.
  func noteDescription(_ request: Request) {
    guard request.method == .get, let listener = request.listener, case .session = listener else { return }
    let now = MonotonicTime.now
    table.withLock { $0.asks(listener, nil, at: now) { 0 } }
  }

  /// Counts the listener that has asked for one of the stream's resources.
  /// - Parameters:
  ///   - reply: the reply to the request.
  ///   - isNew: whether the request was not held before.
  /// - Returns: the reply; an answer that grows tells the counter when it is over.
  func noting(_ reply: Reply, to request: Request, for resource: Resource, isNew: Bool) -> Reply {
    guard request.method == .get, let listener = request.listener else { return reply }
    if case .respond(let response) = reply, let way = response.way {
      return .respond(following(response, by: listener, request, way))
    }
    // A player fetches segments over further connections. So a listener without a session counts by its playlist requests.
    if case .connection = listener, !resource.isPlaylist { return reply }
    if isNew, reply.isGood {
      let (way, now) = (resource.way(request), MonotonicTime.now)
      table.withLock { $0.asks(listener, way, at: now) { request.clientFingerprint } }
    }
    return reply
  }

  /// A connection is closed.
  func closed(_ connection: Int) {
    table.withLock { $0.closes(connection) }
  }

  private func following(
    _ response: Response, by listener: ListenerTable.Listener, _ request: Request, _ way: ListenerTable.Way
  ) -> Response {
    let now = MonotonicTime.now
    table.withLock { $0.begins(listener, way, at: now) { request.clientFingerprint } }
    return response.ending { [self] in
      let now = MonotonicTime.now
      table.withLock { $0.ends(listener, at: now) }
    }
  }
}

extension Request {
  /// The listener that sent the request. The page, and any other client that likes, names its session while it listens: in a
  /// header field where it can, because a name in the URL would make a cache keep an answer for each listener. Nil for a
  /// page that says that it only looks.
  var listener: ListenerTable.Listener? {
    let name = query.first { $0.name == "session" }?.value ?? header("Ringcast-Session")
    if name == "-" { return nil }
    // A shorter name may be another listener's as well.
    if let name, (8...64).contains(name.utf8.count) { return .session(name) }
    return .connection(client.connection)
  }

  /// Equal for the connections of one program on one machine.
  fileprivate var clientFingerprint: Int {
    var hasher = Hasher()
    hasher.combine(client.address)
    hasher.combine(header("User-Agent"))
    return hasher.finalize()
  }
}

extension Resource {
  fileprivate var isPlaylist: Bool { self == .playlist || self == .lowLatencyPlaylist }

  /// Nil where the request tells nothing: the page reads the low-latency playlist for its dates, however it listens.
  fileprivate func way(_ request: Request) -> ListenerTable.Way? {
    switch self {
    case .playlist, .segment: .plain
    case .lowLatencyPlaylist: request.query.contains { $0.name == "_HLS_msn" } ? .lowLatency : nil
    case .part: .lowLatency
    case .endless: .endless
    // A picture and a list are no sound.
    case .peaks, .ringPeaks, .played: nil
    }
  }
}

extension Response {
  /// Nil for an answer that is complete at once.
  fileprivate var way: ListenerTable.Way? { growing != nil ? .growing : endless != nil ? .endless : nil }
}

extension Reply {
  /// Whether the reply is the resource, or may become it.
  fileprivate var isGood: Bool {
    switch self {
    case .respond(let response): response.status < 400
    case .hold, .holdFor, .content, .receive, .upgrade: true
    }
  }
}
