import Logging
import System

/// The receivers of the station's events.
final class Webhooks: Sendable {
  /// The time that the last event has when the program ends.
  private static let lastMoment = Duration.seconds(1)

  private let senders: [WebhookSender]

  /// No event is sent before `start`.
  /// - Parameter station: the name of the station, for people.
  init(_ settings: WebhookSettings, station: String, signature: WebhookSignature?, log: Log) {
    senders = settings.receivers.map { WebhookSender($0, station: station, signature: signature, log: log) }
  }

  var sink: EventSink {
    EventSink { [senders] event in
      for sender in senders { sender.tell(event) }
    }
  }

  /// The figures of each receiver, in the order of the settings.
  var snapshot: [WebhookSnapshot] { senders.map { WebhookSnapshot(host: $0.host, figures: $0.figures) } }

  func start() {
    for sender in senders { sender.start() }
  }

  /// Lets the threads tell the last event while the rest of the program stops; returns at once.
  func finish() {
    let end = MonotonicTime.now + Self.lastMoment
    for sender in senders { sender.finish(until: end) }
  }

  /// Waits until the threads have ended, up to one second after `finish`.
  func stop() {
    for sender in senders { sender.stop() }
  }
}
