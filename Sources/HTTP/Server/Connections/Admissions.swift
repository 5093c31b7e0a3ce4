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

  /// The places that a request takes beside the place of its connection.
  struct Claim: Equatable {
    /// The address that the request counts for; nil for none.
    let address: ClientAddress?
    /// Whether the request counts like a connection, because its connection has others.
    let isBesideOthers: Bool
  }

  enum RequestVerdict: Equatable {
    case admitted, overLimit, overAddressLimit
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

  /// A request takes places of its own.
  mutating func admitRequest(_ claim: Claim) -> RequestVerdict {
    guard !claim.isBesideOthers || count < limits.connections else {
      figures.refusedOverLimit += 1
      return .overLimit
    }
    guard take(claim.address) else {
      figures.refusedPerAddress += 1
      return .overAddressLimit
    }
    if claim.isBesideOthers { extraRequests += 1 }
    return .admitted
  }

  /// A request that `admitRequest` let in is over.
  mutating func leaveRequest(_ claim: Claim) {
    if claim.isBesideOthers { extraRequests -= 1 }
    release(claim.address)
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
