/// A client of HTTP/2 on one connection to a server.
final class HTTP2Connection {
  let client: HTTP2Client
  private let raw: RawClient

  /// - Parameter window: bytes that the server may send on a stream before more are allowed.
  init(port: UInt16, from source: String? = nil, window: Int = 65_535) throws {
    raw = try RawClient(port: port, from: source, tls: "NORMAL", offering: "h2")
    client = HTTP2Client(window: window)
    // A stream that nobody reads does not stop the others.
    client.open(0, by: 1 << 24)
  }

  func answer(_ id: Int32) -> HTTP2Client.Answer { client.answers[id] ?? HTTP2Client.Answer() }

  /// Sends what the windows of the server allow.
  func send() throws { try raw.send(client.output()) }

  /// Sends a request and its reset together, so that the server reads both before it answers.
  func requestAndReset(_ path: String) throws {
    let id = client.request("GET", path)
    let request = client.output()
    client.reset(id)
    try raw.send(request + client.output())
  }

  /// Carries bytes in both directions, until something has come.
  func talk(until isThere: (HTTP2Client) -> Bool) throws {
    while !isThere(client) {
      try send()
      client.receive(try raw.some())
    }
    try send()
  }

  /// The whole answer to a request. The windows of the answer are opened as its content comes.
  func whole(_ id: Int32) throws -> HTTP2Client.Answer {
    var opened = 0
    try talk { client in
      let answer = client.answers[id] ?? HTTP2Client.Answer()
      if answer.content.count > opened {
        client.open(id, by: answer.content.count - opened)
        opened = answer.content.count
      }
      return answer.code != nil
    }
    return answer(id)
  }

  func get(_ path: String, fields: [(String, String)] = []) throws -> HTTP2Client.Answer {
    try whole(client.request("GET", path, fields: fields))
  }
}
