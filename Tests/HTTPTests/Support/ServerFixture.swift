import HTTP

/// The resource that most tests of the server ask for.
enum Media {
  static let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
  static let representation = Representation(
    content, contentType: "audio/mpeg", cacheControl: "max-age=60",
    validators: .init(lastModified: 784_111_777, entityTag: "tag"), features: .ranges)
}

/// Runs a server for the time of `body`.
func serve<Result>(
  limits: Server.Limits = .patient,
  _ handler: @escaping @Sendable (Request) -> Response = Media.representation.response,
  _ body: (Server) throws -> Result
) throws -> Result {
  let server = try Server(host: "127.0.0.1", port: 0, limits: limits, handler: handler)
  defer { server.stop() }
  return try body(server)
}

/// A client that has been answered: who asked too late, on a busy machine, comes again.
func answered(_ connect: () throws -> RawClient) throws -> RawClient {
  for _ in 0..<100 {
    if let client = try? connect(), (try? client.get("/").status) == 200 { return client }
  }
  throw RawClient.Failure.closed(after: [])
}
