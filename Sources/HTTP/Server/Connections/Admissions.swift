/// The open connections of a server: their number, their addresses, and the limits of both. Pure.
///
/// An open request of HTTP/2 counts like a connection, because it costs as much.
struct Admissions {
  enum Verdict: Equatable {
    /// - Parameter number: never given twice.
    case admitted(number: Int)
    /// The limit of connections is reached: the request will be answered with 503.
    case overLimit(number: Int)
    /// The address has reached its limit.
    case overAddressLimit
  }

  private let limits: Server.Limits
  private var perAddress: [ClientAddress: Int] = [:]
  /// Open requests of HTTP/2 beyond the first of each connection.
  private(set) var extraRequests = 0
  /// The server's figures without those of the answers.
  var figures = Server.Figures()

  init(_ limits: Server.Limits) {
    self.limits = limits
  }

  /// Connections, and requests that count like connections.
  var count: Int { figures.connections + extraRequests }

  /// Whether one more connection may be accepted, even if only to be refused.
  var hasRoom: Bool { count < limits.connections + Server.Limits.overflow }

  /// A client has connected.
  /// - Parameter address: nil for a client that has no address of the Internet Protocol.
  mutating func admit(from address: ClientAddress?) -> Verdict {
    guard take(address) else {
      figures.refusedPerAddress += 1
      return .overAddressLimit
    }
    let isOverLimit = count >= limits.connections
    figures.accepted += 1
    figures.connections += 1
    if isOverLimit { figures.refusedOverLimit += 1 }
    return isOverLimit ? .overLimit(number: figures.accepted) : .admitted(number: figures.accepted)
  }

  /// A connection is closed.
  mutating func leave(from address: ClientAddress?) {
    figures.connections -= 1
    release(address)
  }

  /// A connection opens one more request beside those that it has.
  /// - Returns: whether the limits allow it.
  mutating func admitRequest(from address: ClientAddress?) -> Bool {
    guard count < limits.connections else {
      figures.refusedOverLimit += 1
      return false
    }
    guard take(address) else {
      figures.refusedPerAddress += 1
      return false
    }
    extraRequests += 1
    return true
  }

  /// A request that `admitRequest` let in is over.
  mutating func leaveRequest(from address: ClientAddress?) {
    extraRequests -= 1
    release(address)
  }

  private mutating func take(_ address: ClientAddress?) -> Bool {
    guard let address = counted(address) else { return true }
    guard perAddress[address, default: 0] < limits.connectionsPerAddress else { return false }
    perAddress[address, default: 0] += 1
    return true
  }

  private mutating func release(_ address: ClientAddress?) {
    guard let address = counted(address), let others = perAddress[address] else { return }
    perAddress[address] = others > 1 ? others - 1 : nil
  }

  /// A proxy on this machine is not one client.
  private func counted(_ address: ClientAddress?) -> ClientAddress? {
    limits.connectionsPerAddress > 0 ? address.flatMap { $0.isLocal ? nil : $0 } : nil
  }
}
