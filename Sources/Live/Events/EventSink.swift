import Core
import System

/// The way of an event from the part of the program that notices the event to everything that is to be told. To tell an
/// event waits for nothing: the capture thread does so.
struct EventSink: Sendable {
  /// Nobody is told.
  static let none = EventSink { _ in }

  private let take: @Sendable (StationEvent) -> Void
  private var stream: StreamName?

  /// - Parameter take: called on any thread; it must not wait.
  init(_ take: @escaping @Sendable (StationEvent) -> Void) {
    self.take = take
  }

  /// The same for the events of one stream.
  func of(_ stream: StreamName) -> EventSink {
    var sink = self
    sink.stream = stream
    return sink
  }

  /// Tells an event that happens now.
  func tell(_ kind: StationEvent.Kind) {
    take(StationEvent(kind: kind, stream: stream, time: .now, id: SecretFile.randomDigits(bytes: 8)))
  }
}
