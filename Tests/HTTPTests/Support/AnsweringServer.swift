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
  /// A server that answers at once.
  convenience init(
    on socket: ListenSocket, threads: Int = 2, channels: Int = 1, limits: Limits = Limits(),
    trustedProxies: TrustedProxies = TrustedProxies(), certificate: Certificate? = nil,
    headers: [(name: String, value: String)] = [],
    log: @escaping @Sendable (String) -> Void = { _ in },
    onTrouble: @escaping @Sendable (Trouble) -> Void = { _ in },
    onAnswer: (@Sendable (FinishedExchange) -> Void)? = nil,
    onClose: @escaping @Sendable (_ connection: Int) -> Void = { _ in }, handler: @escaping Handler
  ) throws(ServerError) {
    var settings = Settings()
    (settings.threads, settings.channels, settings.limits) = (threads, channels, limits)
    (settings.certificate, settings.headers, settings.trustedProxies) = (certificate, headers, trustedProxies)
    var observers = Observers()
    (observers.log, observers.onTrouble, observers.onAnswer, observers.onClose) = (log, onTrouble, onAnswer, onClose)
    try self.init(on: socket, settings, observers: observers)
    start(handler: handler)
  }

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
