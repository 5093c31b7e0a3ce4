import HTTP

extension Server.Limits {
  /// Time enough for a client on the busiest machine.
  static var patient: Self {
    var limits = Self()
    (limits.headerSeconds, limits.idleSeconds) = (600, 600)
    return limits
  }
}

extension Server {
  /// A server at an address.
  convenience init(
    host: String, port: UInt16, threads: Int = 2, limits: Limits = .patient, certificate: Certificate? = nil,
    handler: @escaping Handler
  ) throws(ServerError) {
    try self.init(
      on: try ListenSocket(host: host, port: port), threads: threads, limits: limits, certificate: certificate,
      handler: handler)
  }

  /// A server whose handler holds nothing.
  convenience init(
    host: String, port: UInt16, threads: Int = 2, limits: Limits = .patient,
    handler: @escaping @Sendable (Request) -> Response
  ) throws(ServerError) {
    try self.init(host: host, port: port, threads: threads, limits: limits) { request, _ in
      .respond(handler(request))
    }
  }
}
