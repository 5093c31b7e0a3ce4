import Core
import Logging
import Synchronization
import System

/// Tells the station's events to one receiver, on a thread of its own. Neither a receiver that hangs nor one that is gone
/// holds up anybody else.
final class WebhookSender: Sendable {
  /// The end of the program, as `finish` sets it.
  private struct End {
    /// The end of the attempt to tell the last event, and of the attempts to tell the events before that one.
    let last, older: MonotonicTime
    /// The events that were dropped before.
    let dropped: Int
  }

  /// The longest time of one attempt.
  private static let timeout = Duration.seconds(10)
  /// The time that is left to an event which is not the last one, when the program ends.
  private static let olderMoment = Duration.milliseconds(300)

  private let receiver: Webhook
  private let station: String
  private let signature: WebhookSignature?
  private let log: Log
  private let worker = Worker<WebhookInbox>(name: "webhook", inbox: WebhookInbox())
  private let counts = Mutex(WebhookQueue.Figures())
  /// Nil while the program runs.
  private let end = Mutex<End?>(nil)

  init(_ receiver: Webhook, station: String, signature: WebhookSignature?, log: Log) {
    (self.receiver, self.station, self.signature) = (receiver, station, signature)
    self.log = log.prefixed("webhook: \(receiver.url): ")
  }

  var host: String { receiver.url.host }
  var figures: WebhookQueue.Figures { counts.withLock { $0 } }

  /// Starts the thread, which begins with the events that were told before.
  func start() {
    worker.start(with: WebhookQueue()) { [self] queue, posted in
      if queue.add(posted) != nil {
        log.warning("more than \(WebhookQueue.capacity) events wait, and the oldest ones are dropped")
      }
      defer { counts.withLock { $0 = queue.figures } }
      return run(&queue)
    }
  }

  /// Adds an event; returns at once.
  func tell(_ event: StationEvent) {
    worker.post { $0.add(event, at: .now) }
  }

  /// Lets the thread tell the last event until `moment`, and then end; returns at once.
  func finish(until moment: MonotonicTime) {
    let dropped = figures.dropped
    end.withLock { $0 = End(last: moment, older: min(moment, .now + Self.olderMoment), dropped: dropped) }
    worker.stop(within: .zero)
  }

  /// Waits for the end of the thread, until the moment of `finish`, and logs the number of the events that were not taken.
  func stop() {
    guard let end = end.withLock({ $0 }) else { return }
    // Longer by a look at the deadline.
    worker.stop(within: max(.zero, end.last - .now) + .milliseconds(200))
    // A thread that hangs has not looked into its inbox.
    let unread = worker.post { $0.entries.count + $0.dropped }
    let figures = figures
    let lost = figures.dropped - end.dropped + figures.waiting + unread
    if lost > 0 {
      log.warning("the program ends, and \(lost == 1 ? "1 event was" : "\(lost) events were") not taken")
    }
  }

  /// Tells events until none waits, or until one has to wait longer.
  private func run(_ queue: inout WebhookQueue) -> Worker<WebhookInbox>.Wait {
    while true {
      // The program ends: the last event gets one attempt, in the time that is left.
      if let end = end.withLock({ $0 }), end.older <= .now { queue.keepLast() }
      guard let entry = queue.next else { return .untilPost }
      counts.withLock { $0 = queue.figures }
      let (pause, news) = queue.note(attempt(entry.event), at: .now)
      for item in news { note(item, of: entry.event) }
      guard let pause else { continue }
      guard let end = end.withLock({ $0 }) else { return .pause(pause) }
      guard queue.figures.waiting > 1, end.last > .now else { return .untilPost }
      queue.keepLast()
    }
  }

  private func attempt(_ event: StationEvent) -> WebhookAnswer {
    let message = WebhookMessage(event, to: receiver, station: station)
    let post = HTTPPost(
      url: message.url, body: message.body, fields: signature?.fields(for: message.body, at: .now) ?? [])
    let timeout = MonotonicTime.now + Self.timeout
    let isLast = if case .stopped = event.kind { true } else { false }
    do {
      let answer = try post.send {
        guard let end = end.withLock({ $0 }) else { return timeout }
        return min(isLast ? end.last : end.older, timeout)
      }
      return WebhookAnswer(status: answer.status, retryAfter: answer.retryAfter)
    } catch {
      return .later("\(error)", after: nil)
    }
  }

  private func note(_ news: WebhookQueue.News, of event: StationEvent) {
    switch news {
    case .troubled(let reason): log.warning("\(reason); the event \(event.name) is tried again")
    case .refused(let reason): log.warning("the event \(event.name) is refused: \(reason)")
    case .gaveUp: log.warning("the event \(event.name) has waited for an hour and is given up")
    case .well(0): log.info("events are taken again")
    case .well(let lost): log.info("events are taken again, \(lost) were lost")
    case .overflow: break
    }
  }
}
