import HTTP

extension Server {
  /// A server whose handler holds nothing.
  convenience init(
    host: String, port: UInt16, threads: Int = 2, limits: Limits = Limits(),
    handler: @escaping @Sendable (Request) -> Response
  ) throws(ServerError) {
    try self.init(host: host, port: port, threads: threads, limits: limits) { request, _ in
      .respond(handler(request))
    }
  }
}
