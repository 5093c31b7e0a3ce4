import Audio
import Core
import HLS
import Logging
import Synchronization
import System

/// How a stream's source is doing: noted on the capture thread, read by whoever asks.
final class SourceHealth: Sendable {
  /// What listeners hear, as measured, and the source's clock.
  struct Measured: Sendable {
    /// Of the last whole second, a level a channel.
    var levels: [Level] = []
    /// Samples since the beginning.
    var clipped = 0
    /// Parts per million by which the source's clock is faster than the wall clock; nil until it is known.
    var drift: Double?
  }

  /// For whoever counts.
  struct Figures: Sendable {
    var measured = Measured()
    var isUp = true
    var isSilent = false
    var overruns = 0
    /// Times that the device came back.
    var restarts = 0
    /// Frames that stand for sound which the source did not give.
    var filled = 0
  }

  private enum Alarm: String {
    case device, silence
  }

  private struct State {
    var measured = Measured()
    var overruns = 0
    var restarts = 0
    var filled = 0
    /// What it was when the outage at hand began, or the last one.
    var filledBefore = 0
    /// Why the device is not heard, in words for a listener.
    var outage: String?
    var isSilent = false
    /// When the alarm at hand began.
    var alarmSince: WallTime?
    var lost = LogThrottle()
    var clipped = LogThrottle()

    /// To be called after each change. From silence to an outage it is one alarm.
    mutating func noteAlarm() {
      alarmSince = alarm == nil ? nil : alarmSince ?? WallTime(microseconds: Clock.wall())
    }

    var alarm: Alarm? { outage != nil ? .device : isSilent ? .silence : nil }

    mutating func begin(_ outage: String) {
      if self.outage == nil { filledBefore = filled }
      self.outage = outage
    }

    /// - Parameter frames: that the device has not given, those included that were filled in as it came back.
    mutating func end(frames: Int) {
      outage = nil
      restarts += 1
      filled = max(filled, filledBefore + frames)
    }
  }

  private let state = Mutex(State())
  private let log: Log
  /// What is heard while the device is gone, and while it is silent.
  private let outageSubstitute: String
  private let silenceSubstitute: String

  init(_ configuration: Configuration, log: Log) {
    self.log = log
    let hasFallback = configuration.fallback != .silence
    outageSubstitute = hasFallback ? "the fallback is played" : "silence is sent"
    silenceSubstitute = configuration.replacesSilence ? "; the fallback is played until there is sound" : ""
  }

  func report(_ event: SourceEvent) {
    switch event {
    case .overrun(let frames):
      let sum = state.withLock { state in
        state.overruns += 1
        state.filled += frames
        return state.lost.add(frames, now: .now)
      }
      if let sum { log.warning("source: overrun, \(sum) frames lost and filled with silence") }
    case .deviceLost(let reason):
      state.withLock { $0.begin("The sound device is gone") }
      log.error("source: \(reason); \(outageSubstitute) until it is back")
    case .deviceHangs(let milliseconds):
      state.withLock { $0.begin("The sound device gives nothing") }
      log.error("source: it has given nothing for \(milliseconds) ms; \(outageSubstitute) until it is back")
    case .deviceBack(let summary, let frames):
      state.withLock { $0.end(frames: frames) }
      log.warning("source: back after \(frames) frames: \(summary)")
    case .rateChanged(let before, let rate):
      log.warning("source: its sample rate has changed from \(before) to \(rate) Hz")
    case .leftOut(let frames):
      log.warning("source: \(frames) frames could not be recorded: too many to be filled with silence, so dates leap")
    case .silence(let seconds):
      state.withLock { $0.isSilent = true }
      log.warning("source: silent for \(seconds) s\(silenceSubstitute)")
    case .soundBack:
      state.withLock { $0.isSilent = false }
      log.warning("source: there is sound again")
    }
    state.withLock { $0.noteAlarm() }
  }

  /// So many frames stand for sound that the source did not give, because it is gone.
  func note(filled frames: Int) {
    state.withLock { $0.filled += frames }
  }

  func note(_ measured: Measured) {
    let sum = state.withLock { state in
      let more = measured.clipped - state.measured.clipped
      state.measured = measured
      return more > 0 ? state.clipped.add(more, now: .now) : nil
    }
    if let sum { log.warning("source: clipping, \(sum) samples at full scale") }
  }

  /// One line for the page where something is wrong.
  var notice: String? {
    let (outage, isSilent) = state.withLock { ($0.outage, $0.isSilent) }
    if let outage { return "\(outage): \(outageSubstitute) until it is back" }
    return isSilent ? "No sound comes in\(silenceSubstitute)" : nil
  }

  var figures: Figures {
    let state = state.withLock { $0 }
    return Figures(
      measured: state.measured, isUp: state.outage == nil, isSilent: state.isSilent, overruns: state.overruns,
      restarts: state.restarts, filled: state.filled)
  }

  var facts: [(String, JSON)] {
    let state = state.withLock { $0 }
    let levels = state.measured.levels.map {
      JSON.object([("peak", .decimal(tenths: $0.peak)), ("rms", .decimal(tenths: $0.rms))])
    }
    return [
      ("alarm", state.alarm.map { .string($0.rawValue) } ?? .null),
      ("alarmSince", state.alarmSince.map { .string($0.text) } ?? .null),
      ("levels", .array(levels)),
      ("clipped", .number(state.measured.clipped)),
      ("overruns", .number(state.overruns)),
      ("drift", state.measured.drift.map { .decimal(tenths: $0) } ?? .null),
    ]
  }
}
