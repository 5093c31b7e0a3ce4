/// Who is connected, by the sockets' descriptors, and until when each may take for what it is at. Pure: whoever asks it
/// does the accepting and the closing.
///
/// Nothing lasts for ever, however busy a client looks: a request has to be there in time, and so has its answer. Only a
/// request that is held, and an endless answer, have no bound here, because the handler has one, and its delivery.
struct ConnectionTable {
  enum Admission: Equatable {
    case welcome
    /// There are as many as may be: the request is answered with 503.
    case surplus
    /// This address has as many as it may.
    case crowded
  }

  /// What a client is at.
  private enum Stage {
    case firstRequest, nextRequest, answer
  }

  private struct Connection {
    let number: Int
    let address: ClientAddress?
    var stage: Stage
    /// In monotonic nanoseconds.
    var due: Int
    /// What the answer is sent from, where that is still being written.
    var growing: (any Growing)?
    let isSurplus: Bool
  }

  private static let second = 1_000_000_000

  private let limits: Server.Limits
  private var connections: [Connection?] = []
  private var perAddress: [ClientAddress: Int] = [:]
  /// All but what is sent.
  private(set) var figures = Server.Figures()

  init(_ limits: Server.Limits) {
    self.limits = limits
  }

  var count: Int { figures.connections }

  /// Whether there is room for another one, if only to be told that there is none.
  var hasRoom: Bool { count < limits.connections + Server.Limits.overflow }

  /// A client has connected.
  /// - Parameter now: in monotonic nanoseconds, here and below.
  mutating func admit(_ descriptor: Int32, from address: ClientAddress?, at now: Int) -> Admission {
    // Where libmicrohttpd finds no memory for a connection, it closes it without a word.
    leave(descriptor)
    // A proxy on this machine is not one client.
    let counted = address.flatMap { $0.isLocal ? nil : $0 }
    if let counted, limits.connectionsPerAddress > 0 {
      guard perAddress[counted, default: 0] < limits.connectionsPerAddress else {
        figures.crowded += 1
        return .crowded
      }
      perAddress[counted, default: 0] += 1
    }
    let isSurplus = count >= limits.connections
    let index = Int(descriptor)
    while connections.count <= index { connections.append(nil) }
    figures.accepted += 1
    figures.connections += 1
    if isSurplus { figures.surplus += 1 }
    connections[index] = Connection(
      number: figures.accepted, address: counted, stage: .firstRequest,
      due: now + limits.headerSeconds * Self.second, growing: nil, isSurplus: isSurplus)
    return isSurplus ? .surplus : .welcome
  }

  /// A request's head is there.
  /// - Returns: the connection's number, which no other has had, or nil where it is one too many and may not be answered;
  ///   0 for sockets that were never admitted, which are the server's own.
  mutating func requestArrived(on descriptor: Int32) -> Int? {
    guard let connection = update(descriptor, { ($0.stage, $0.due) = (.answer, .max) }) else { return 0 }
    return connection.isSurplus ? nil : connection.number
  }

  /// The request has content, which is to be read.
  mutating func contentExpected(on descriptor: Int32, at now: Int) {
    let due = now + limits.headerSeconds * Self.second
    update(descriptor) { $0.due = due }
  }

  /// The content is there.
  mutating func contentArrived(on descriptor: Int32) {
    update(descriptor) { $0.due = .max }
  }

  /// The answer begins.
  mutating func answerBegins(_ response: Response, on descriptor: Int32, at now: Int) {
    let due = now + patience(bytes: response.capacity)
    update(descriptor) { ($0.due, $0.growing) = (due, response.growing?.body) }
  }

  /// The head of an endless answer is sent. From now on it is for whoever sends it to see to it that it is read in time;
  /// at its end it has to be.
  mutating func answerFlows(_ body: EndlessBody, on descriptor: Int32, at now: Int) {
    let due = now + patience(bytes: body.capacity)
    update(descriptor) { ($0.due, $0.growing) = (due, body) }
  }

  /// The answer is sent.
  mutating func answerEnded(on descriptor: Int32, at now: Int) {
    let due = now + patience(bytes: 0)
    update(descriptor) { ($0.stage, $0.due, $0.growing) = (.nextRequest, due, nil) }
  }

  /// The connection is about to be closed.
  /// - Returns: its number; nil where it was never admitted.
  @discardableResult
  mutating func leave(_ descriptor: Int32) -> Int? {
    guard let connection = update(descriptor, { _ in }) else { return nil }
    connections[Int(descriptor)] = nil
    figures.connections -= 1
    if let address = connection.address, let others = perAddress[address] {
      perAddress[address] = others > 1 ? others - 1 : nil
    }
    return connection.number
  }

  /// Some of those whose time is over, each of them once.
  mutating func takeOverdue(at now: Int, atMost limit: Int) -> [Int32] {
    var overdue: [Int32] = []
    for index in connections.indices where connections[index].map({ $0.due <= now }) ?? false {
      guard overdue.count < limit else { break }
      if let body = connections[index]?.growing, !body.isFinished {
        // It may be the writer who is late.
        let later = now + patience(bytes: body.capacity)
        connections[index]?.due = later
      } else {
        connections[index]?.due = .max
        overdue.append(Int32(index))
        switch connections[index]!.stage {
        case .firstRequest: figures.overdueFirst += 1
        case .nextRequest: figures.overdueNext += 1
        case .answer: figures.overdueAnswers += 1
        }
      }
    }
    return overdue
  }

  private func patience(bytes: Int) -> Int {
    limits.idleSeconds * Self.second + bytes * Self.second / limits.slowestRate
  }

  @discardableResult
  private mutating func update(_ descriptor: Int32, _ change: (inout Connection) -> Void) -> Connection? {
    let index = Int(descriptor)
    guard connections.indices.contains(index), var connection = connections[index] else { return nil }
    change(&connection)
    connections[index] = connection
    return connection
  }
}
