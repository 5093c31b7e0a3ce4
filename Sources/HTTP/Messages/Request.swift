/// The request of a client. Its target is decoded.
package struct Request: Sendable {
  package enum Method: Sendable, Equatable {
    case get, head, options, put
    case other(String)

    /// RFC 9110 §9.1: "The method token is case-sensitive".
    init(_ token: String) {
      switch token {
      case "GET": self = .get
      case "HEAD": self = .head
      case "OPTIONS": self = .options
      case "PUT": self = .put
      default: self = .other(token)
      }
    }
  }

  package let method: Method
  /// Percent-decoded. The path begins with "/" and has no dot segment and no control character.
  package let path: String
  /// In the order of the target, decoded as application/x-www-form-urlencoded.
  package let query: [(name: String, value: String)]
  /// The query as it was sent, for the values of a program that writes another encoding than UTF-8.
  package let queryBytes: [UInt8]
  /// Nil if there is content that has not been read.
  package internal(set) var content: [UInt8]? = []
  package let client: Client
  private let headers: HeaderFields

  package init(
    method: Method, path: String, query: [(name: String, value: String)] = [],
    queryBytes: [UInt8] = [], headers: [(name: String, value: String)] = [], content: [UInt8]? = [],
    client: Client = Client()
  ) {
    self.init(
      method: method, path: path, query: query, queryBytes: queryBytes, headers: HeaderFields(headers), client: client)
    self.content = content
  }

  init(
    method: Method, path: String, query: [(name: String, value: String)], queryBytes: [UInt8], headers: HeaderFields,
    client: Client
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.queryBytes = queryBytes
    self.headers = headers
    self.client = client
  }

  /// The value of a header field, whatever the case of its name. RFC 9110 §5.3: "A recipient MAY combine multiple field
  /// lines within a field section that have the same field name into one field line, without changing the semantics of
  /// the message, by appending each subsequent field line value to the initial field line value in order, separated by
  /// a comma (",") and optional whitespace".
  package func header(_ name: String) -> String? {
    headers.joined(name)
  }
}

/// The decision of a handler on a request.
package enum Reply: Sendable {
  case respond(Response)
  /// No answer yet: ask again after the next `Server.wake()`.
  case hold
  /// The same; ask again after `Server.wake(channel:)` of this channel, too.
  case holdFor(channel: Int)
  /// Read the content and ask again. Refuse a content that is longer, or whose length is not declared.
  case content(atMost: Int)
  /// Read the content piece by piece: with a length, in chunks, or, where the client declares neither, up to the end of
  /// the connection (as Icecast's source clients send it).
  case receive(any ContentReceiver)
  /// The connection speaks WebSocket from now on. Only HTTP/1.1 can be upgraded; other requests are refused.
  case upgrade(WebSocketUpgrade)
}
