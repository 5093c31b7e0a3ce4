import Audio
import Logging
import Synchronization
import System

/// Watches a stream's source: keeps its health, which any thread may read, and logs each change.
final class SourceMonitor: Sendable {
  private struct State {
    var health = SourceHealth()
    var lostFrames = LogThrottle()
    var clippedSamples = LogThrottle()
  }

  private let state = Mutex(State())
  private let wording: SourceWording
  private let log: Log

  init(_ settings: StreamSettings, log: Log) {
    wording = SourceWording(settings)
    self.log = log
  }

  var health: SourceHealth { state.withLock { $0.health } }

  /// One line for listeners while the source has a fault; nil otherwise.
  var notice: String? { wording.notice(health) }

  /// Notes an event of the source. Overruns in quick succession are summed up in the log.
  func report(_ event: SourceEvent) {
    let told: SourceEvent? = state.withLock { state in
      state.health.note(event, at: .now)
      guard case .overrun(let frames) = event else { return event }
      return state.lostFrames.add(frames, now: .now).map { .overrun(lostFrames: $0) }
    }
    guard let told else { return }
    let line = wording.line(told)
    if wording.isError(told) { log.error(line) } else { log.warning(line) }
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
