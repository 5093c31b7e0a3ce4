import HTTP
import Synchronization
import System

/// Counts who listens, from what is asked for. See `ListenerTable`.
final class ListenerCounter: Sendable {
  struct Figures: Sendable {
    var ways: [ListenerTable.Way: Int] = [:]
    /// That have come since the beginning.
    var sessions = 0
  }

  private let attendance: Mutex<ListenerTable>

  /// - Parameter segmentLength: of what they listen to, in microseconds: a player asks that often, more or less. The page
  ///   asks for the description every ten seconds.
  init(segmentLength: Int) {
    attendance = Mutex(ListenerTable(patience: max(3 * segmentLength, 15_000_000) * 1000))
  }

  /// How many there are now.
  var figures: Figures {
    attendance.withLock { Figures(ways: $0.counts(at: Clock.monotonic()), sessions: $0.sessions) }
  }

  /// Counts whoever is told of a stream, if it says that it listens.
  func noteDescription(_ request: Request) {
    guard request.method == .get, let listener = request.listener, case .session = listener else { return }
    attendance.withLock { $0.asks(listener, nil, likeness: 0, at: Clock.monotonic()) }
  }

  /// Counts whoever has asked for one of a stream's resources.
  /// - Parameters:
  ///   - reply: what becomes of it.
  ///   - isNew: whether it asks for the first time, and was not held before.
  /// - Returns: that, or the same that tells when it is over.
  func noting(_ reply: Reply, to request: Request, for resource: Resource, isNew: Bool) -> Reply {
    guard request.method == .get, let listener = request.listener else { return reply }
    if case .respond(let response) = reply, let way = response.way {
      return .respond(following(response, by: listener, request, way))
    }
    // Segments come over other connections as well, so that of those without a session who polls the playlist counts.
    if case .connection = listener, !resource.isPlaylist { return reply }
    if isNew, reply.isGood {
      let (way, likeness) = (resource.way(request), request.likeness)
      attendance.withLock { $0.asks(listener, way, likeness: likeness, at: Clock.monotonic()) }
    }
    return reply
  }

  /// A connection is closed.
  func closed(_ connection: Int) {
    attendance.withLock { $0.closes(connection) }
  }

  private func following(
    _ response: Response, by listener: ListenerTable.Listener, _ request: Request, _ way: ListenerTable.Way
  ) -> Response {
    let likeness = request.likeness
    attendance.withLock { $0.begins(listener, way, likeness: likeness, at: Clock.monotonic()) }
    return response.ending { [self] in attendance.withLock { $0.ends(listener, at: Clock.monotonic()) } }
  }
}

extension Request {
  /// Whom to count: by what the page, or whoever likes, calls itself while it listens. In a field of its own where it can
  /// be, because there it makes no other URL, which a cache would keep for itself. Nil for a page that says that it only
  /// looks.
  var listener: ListenerTable.Listener? {
    let name = query.first { $0.name == "session" }?.value ?? header("Ringcast-Session")
    if name == "-" { return nil }
    // What is shorter may be somebody else's as well.
    if let name, (8...64).contains(name.utf8.count) { return .session(name) }
    return .connection(client.connection)
  }

  /// What connections of one program on one machine have in common.
  fileprivate var likeness: Int {
    var hasher = Hasher()
    hasher.combine(client.address)
    hasher.combine(header("User-Agent"))
    return hasher.finalize()
  }
}

extension Resource {
  fileprivate var isPlaylist: Bool { self == .playlist || self == .lowLatencyPlaylist }

  /// Nil where it may be asked for in any way: the page looks at the low-latency playlist for its dates.
  fileprivate func way(_ request: Request) -> ListenerTable.Way? {
    switch self {
    case .playlist, .segment: .plain
    case .lowLatencyPlaylist: request.query.contains { $0.name == "_HLS_msn" } ? .lowLatency : nil
    case .part: .lowLatency
    case .endless: .endless
    }
  }
}

extension Response {
  /// Nil where it is there at once.
  fileprivate var way: ListenerTable.Way? { growing != nil ? .growing : endless != nil ? .endless : nil }
}

extension Reply {
  /// Whether it is what was asked for, or may be yet.
  fileprivate var isGood: Bool {
    switch self {
    case .respond(let response): response.status < 400
    case .hold, .content: true
    }
  }
}
