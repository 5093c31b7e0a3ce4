import Synchronization

extension Server {
  /// What a server has done since it began, and does now.
  package struct Figures: Equatable, Sendable {
    /// Connections there are.
    package var connections = 0
    /// Connections that were let in.
    package var accepted = 0
    /// Those that were answered with 503, because there were as many as may be.
    package var surplus = 0
    /// Those that were closed at once, because their address had as many as it may.
    package var crowded = 0
    /// Those that were closed because no request came, no next one, or the answer was not taken in time.
    package var (overdueFirst, overdueNext, overdueAnswers) = (0, 0, 0)
    /// Listeners of endless answers that were dropped, because they took less than came.
    package var late = 0
    /// Answers, by status; what libmicrohttpd refuses by itself is not among them.
    package var answers: [Int: Int] = [:]
    /// Bytes of content that went out. Of an answer that was broken off and is not one that grows: none.
    package var bytes = 0

    package init() {}
  }

  package var figures: Figures {
    var figures = service.connections.withLock { $0.figures }
    (figures.answers, figures.bytes, figures.late) = (
      service.traffic.answers, service.traffic.bytes, service.traffic.late
    )
    return figures
  }
}
