import Core

/// Something that happens at the station, and that the people who run the station may want to be told of. Pure.
struct StationEvent: Equatable, Sendable {
  /// A further kind needs a name, a sentence and its details in `StationEvent+Wording.swift`, a place where a part of the
  /// program tells the event to an `EventSink`, and an example in `docs/webhooks.md`.
  enum Kind: Equatable, Sendable {
    case started(version: String, streams: [StreamName])
    case stopped(uptime: Duration)
    case sourceLost(reason: String)
    case sourceBack(after: Duration)
    /// Nothing but silence came in for that time.
    case silenceBegan(length: Duration)
    case silenceEnded(after: Duration)
    case fallbackBegan
    case fallbackEnded(after: Duration)
    /// A program of a person who goes live (`SourceClient`).
    /// - Parameter program: empty where the client does not name it.
    case sourceClientConnected(user: String, program: String, format: String)
    /// - Parameter reason: the end of a sentence about the client.
    case sourceClientGone(user: String, reason: String)
    /// The folder of the stream cannot be written, or not in time.
    case diskFailed(reason: String)
    case diskRecovered(after: Duration)
    /// The recordings of the stream cannot be written, or not in time.
    case recordingFailed(reason: String)
    case recordingRecovered(after: Duration)
    /// A day of the station, in UTC, is over.
    case listenerRecord(ListenerRecord.Day)
  }

  let kind: Kind
  /// Nil for an event of the whole station.
  let stream: StreamName?
  let time: WallTime
  /// A random text, by which a receiver knows an event that comes twice.
  let id: String
}
