import Audio
import Logging
import Synchronization
import System

/// Watches a stream's source: keeps its health, which any thread may read, and logs and tells each change.
final class SourceMonitor: Sendable {
  private struct State {
    var health = SourceHealth()
    var events: SourceEvents
    var lostFrames = LogThrottle()
    var clippedSamples = LogThrottle()
  }

  private let state: Mutex<State>
  private let wording: SourceWording
  private let log: Log
  private let sink: EventSink

  init(_ settings: StreamSettings, log: Log, events: EventSink = .none) {
    state = Mutex(State(events: SourceEvents(settings)))
    wording = SourceWording(settings)
    self.log = log
    sink = events
  }

  var health: SourceHealth { state.withLock { $0.health } }

  /// Whether a fallback is heard in place of the source.
  var hasFallbackSound: Bool { state.withLock { $0.health.substitute == .fallback } }

  /// One line for listeners while the source has a fault; nil otherwise.
  var notice: String? { wording.notice(health) }

  /// Notes an event of the source. Overruns in quick succession are summed up in the log.
  func report(_ event: SourceEvent) {
    let (told, events): (SourceEvent?, [StationEvent.Kind]) = state.withLock { state in
      state.health.note(event, at: .now)
      let events = state.events.after(event, at: .now)
      guard case .overrun(let frames) = event else { return (event, events) }
      return (state.lostFrames.add(frames, now: .now).map { .overrun(lostFrames: $0) }, events)
    }
    for event in events { sink.tell(event) }
    guard let told else { return }
    let line = wording.line(told)
    switch wording.level(told) {
    case .error: log.error(line)
    case .warning: log.warning(line)
    case .info: log.info(line)
    case .debug: log.debug(line)
    }
  }

  /// Notes that `frames` of PCM stand for sound which the source does not give during an outage.
  func note(filled frames: Int) {
    state.withLock { $0.health.note(filled: frames) }
  }

  func note(_ measured: SourceHealth.Measured) {
    let sum = state.withLock { state in
      let more = measured.clipped - state.health.measured.clipped
      state.health.note(measured)
      return more > 0 ? state.clippedSamples.add(more, now: .now) : nil
    }
    if let sum { log.warning(wording.clipping(samples: sum)) }
  }
}
