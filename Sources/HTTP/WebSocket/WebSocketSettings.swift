/// The limits of one WebSocket. They may differ by the role of the client.
package struct WebSocketSettings: Sendable {
  /// The most that may wait for a client that does not take it.
  package struct Limits: Sendable {
    package let messages: Int
    package let bytes: Int

    package init(messages: Int, bytes: Int) {
      (self.messages, self.bytes) = (messages, bytes)
    }
  }

  /// The most bytes of a message of the client.
  package let messageLimit: Int
  package let backlog: Limits
  /// The time between two pings.
  package let pingInterval: Duration
  /// The longest time without any byte of the client. Longer than `pingInterval`, so that an answer to a ping can come.
  package let silenceTimeout: Duration
  /// The longest time from the first close frame to the end of the connection.
  package let closeTimeout: Duration
  /// The code with which a client is disconnected that takes the messages too slowly.
  package let slownessCode: WebSocketCloseCode

  package init(
    messageLimit: Int, backlog: Limits = Limits(messages: 256, bytes: 1 << 18),
    pingInterval: Duration = .seconds(20), silenceTimeout: Duration = .seconds(50),
    closeTimeout: Duration = .seconds(5), slownessCode: WebSocketCloseCode = .policyViolation
  ) {
    precondition(silenceTimeout > pingInterval, "a client is asked before it is given up")
    self.messageLimit = messageLimit
    self.backlog = backlog
    self.pingInterval = pingInterval
    self.silenceTimeout = silenceTimeout
    self.closeTimeout = closeTimeout
    self.slownessCode = slownessCode
  }
}
