import Synchronization

extension Server {
  /// The counts of a server since its start, and its present state.
  package struct Figures: Equatable, Sendable {
    /// Open connections.
    package var connections = 0
    /// Connections that were accepted.
    package var accepted = 0
    /// Connections, and requests of HTTP/2 beside others, that were answered with 503, because the limit of connections
    /// was reached.
    package var refusedOverLimit = 0
    /// Connections that were closed at once, and requests of HTTP/2 beside others or through a trusted proxy that were
    /// answered with 503, because their address had reached its limit.
    package var refusedPerAddress = 0
    /// Connections that were closed because the first request did not arrive in time.
    package var headerTimeouts = 0
    /// Connections that were closed because no further request arrived in time.
    package var idleTimeouts = 0
    /// Connections that were closed because the client did not read the answer in time.
    package var answerTimeouts = 0
    /// TLS handshakes that failed; the client was told why by an alert.
    package var handshakeFailures = 0
    /// Requests of HTTP/2 that were reset because they were malformed.
    package var malformedRequests = 0
    /// Listeners of endless answers that were disconnected because they fell too far behind.
    package var late = 0
    /// Answers by status. An answer counts when it is over, if its head was sent.
    package var answers: [Int: Int] = [:]
    /// HTTP/2 connections that were ended because of their clients, by the kind of abuse; every kind is there.
    package var abuses = Dictionary(uniqueKeysWithValues: HTTP2Abuse.allCases.map { ($0.rawValue, 0) })
    /// Bytes of content that were sent. An incomplete answer counts only if its content was growing.
    package var bytes = 0

    package init() {}
  }

  package var figures: Figures {
    var figures = service.admissions.withLock { $0.figures }
    figures.answers = service.traffic.answers
    figures.bytes = service.traffic.bytes
    figures.late = service.traffic.late
    return figures
  }
}
