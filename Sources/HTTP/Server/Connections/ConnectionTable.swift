/// The open connections by descriptor, each with a deadline for its current step. Pure: the caller accepts and closes
/// them.
///
/// Every step has a deadline, however busy a client looks: a request must arrive in time, and its answer must be read in
/// time. Two steps have no deadline here: a held request, whose handler has one, and an endless answer, whose delivery
/// has one.
struct ConnectionTable {
  enum Admission: Equatable {
    case admitted
    /// The limit of connections is reached: the request will be answered with 503.
    case overLimit
    /// The address has reached its limit.
    case overAddressLimit
  }

  /// The current step of a connection.
  private enum Stage {
    case firstRequest, nextRequest, answer
  }

  private struct Connection {
    let number: Int
    let address: ClientAddress?
    var stage: Stage
    /// The deadline, in monotonic nanoseconds.
    var due: Int
    /// The content of the answer, if it is still being written.
    var growing: (any Growing)?
    let isOverLimit: Bool
  }

  private static let second = 1_000_000_000

  private let limits: Server.Limits
  private var connections: [Connection?] = []
  private var perAddress: [ClientAddress: Int] = [:]
  /// The server's figures without those of the answers.
  private(set) var figures = Server.Figures()

  init(_ limits: Server.Limits) {
    self.limits = limits
  }

  var count: Int { figures.connections }

  /// Whether one more connection may be accepted, even if only to be refused.
  var hasRoom: Bool { count < limits.connections + Server.Limits.overflow }

  /// A client has connected.
  /// - Parameter now: monotonic nanoseconds, here and below.
  mutating func admit(_ descriptor: Int32, from address: ClientAddress?, at now: Int) -> Admission {
    // libmicrohttpd closes a connection silently if it has no memory for it.
    leave(descriptor)
    // A proxy on this machine is not one client.
    let counted = address.flatMap { $0.isLocal ? nil : $0 }
    if let counted, limits.connectionsPerAddress > 0 {
      guard perAddress[counted, default: 0] < limits.connectionsPerAddress else {
        figures.refusedPerAddress += 1
        return .overAddressLimit
      }
      perAddress[counted, default: 0] += 1
    }
    let isOverLimit = count >= limits.connections
    let index = Int(descriptor)
    while connections.count <= index { connections.append(nil) }
    figures.accepted += 1
    figures.connections += 1
    if isOverLimit { figures.refusedOverLimit += 1 }
    connections[index] = Connection(
      number: figures.accepted, address: counted, stage: .firstRequest,
      due: now + limits.headerSeconds * Self.second, growing: nil, isOverLimit: isOverLimit)
    return isOverLimit ? .overLimit : .admitted
  }

  /// The head of a request has arrived.
  /// - Returns: the connection's unique number; nil if the connection is over the limit; 0 for sockets that were never
  ///   admitted, which are the server's own.
  mutating func requestArrived(on descriptor: Int32) -> Int? {
    guard let connection = update(descriptor, { ($0.stage, $0.due) = (.answer, .max) }) else { return 0 }
    return connection.isOverLimit ? nil : connection.number
  }

  /// The request has content that will be read.
  mutating func contentExpected(on descriptor: Int32, at now: Int) {
    let due = now + limits.headerSeconds * Self.second
    update(descriptor) { $0.due = due }
  }

  /// The content has arrived.
  mutating func contentArrived(on descriptor: Int32) {
    update(descriptor) { $0.due = .max }
  }

  /// The answer begins.
  mutating func answerBegins(_ response: Response, on descriptor: Int32, at now: Int) {
    let due = now + answerTimeout(bytes: response.capacity)
    update(descriptor) { ($0.due, $0.growing) = (due, response.growing?.body) }
  }

  /// The head of an endless answer is sent. From now on its delivery enforces that it is read in time; the deadline here
  /// counts from the end of the content.
  mutating func answerFlows(_ body: EndlessBody, on descriptor: Int32, at now: Int) {
    let due = now + answerTimeout(bytes: body.capacity)
    update(descriptor) { ($0.due, $0.growing) = (due, body) }
  }

  /// The answer is sent.
  mutating func answerEnded(on descriptor: Int32, at now: Int) {
    let due = now + answerTimeout(bytes: 0)
    update(descriptor) { ($0.stage, $0.due, $0.growing) = (.nextRequest, due, nil) }
  }

  /// The connection is about to be closed.
  /// - Returns: its number; nil if it was never admitted.
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

  /// Some connections past their deadline, each of them once.
  mutating func takeOverdue(at now: Int, atMost limit: Int) -> [Int32] {
    var overdue: [Int32] = []
    for index in connections.indices where connections[index].map({ $0.due <= now }) ?? false {
      guard overdue.count < limit else { break }
      if let body = connections[index]?.growing, !body.isFinished {
        // The writer may be slow, not the client.
        let later = now + answerTimeout(bytes: body.capacity)
        connections[index]?.due = later
      } else {
        connections[index]?.due = .max
        overdue.append(Int32(index))
        switch connections[index]!.stage {
        case .firstRequest: figures.headerTimeouts += 1
        case .nextRequest: figures.idleTimeouts += 1
        case .answer: figures.answerTimeouts += 1
        }
      }
    }
    return overdue
  }

  /// Nanoseconds.
  private func answerTimeout(bytes: Int) -> Int {
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
