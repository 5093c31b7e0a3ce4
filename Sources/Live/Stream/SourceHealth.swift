import Audio
import Core

/// The state of a stream's source: its losses since the start, and the fault that it has now.
struct SourceHealth: Sendable {
  /// Measurements of the sound that listeners hear, and of the source's clock.
  struct Measured: Sendable {
    /// The level of each channel in the last whole second.
    var levels: [Level] = []
    /// Clipped samples since the start.
    var clipped = 0
    /// Parts per million by which the source's clock is faster than the wall clock; nil until it is known.
    var drift: Double?
  }

  /// The way in which the source fails: a device, a file or a pipe.
  enum Outage: Sendable {
    case gone, hanging
    /// No capture device was there at the start, and none has come since then.
    case absent
  }

  /// The sound that is heard in place of the source.
  enum Substitute: Sendable {
    case fallback
    /// No fallback has sound.
    case silence
  }

  enum Alarm: String, Sendable {
    case device, silence
  }

  private(set) var measured = Measured()
  /// Times that the device's buffer ran over.
  private(set) var overruns = 0
  /// Times that the device came back.
  private(set) var restarts = 0
  /// Frames of PCM that stand for sound which the source did not give.
  private(set) var filled = 0
  /// Nil while the source gives sound.
  private(set) var outage: Outage?
  /// The reason for the outage, for operators; nil while the source gives sound.
  private(set) var reason: String?
  private(set) var isSilent = false
  /// Nil while the source is heard, and where the stream has no fallback. The fallback of a room is heard under voices too.
  private(set) var substitute: Substitute?
  /// The start of the alarm; nil without an alarm. An alarm that changes from silence to an outage is one alarm.
  private(set) var alarmSince: WallTime?
  /// `filled` at the start of the latest outage.
  private var filledBeforeOutage = 0

  /// Whether the device gives sound.
  var isUp: Bool { outage == nil }

  var alarm: Alarm? { outage != nil ? .device : isSilent ? .silence : nil }

  /// Notes an event of the source that happens at `now`.
  mutating func note(_ event: SourceEvent, at now: WallTime) {
    switch event {
    case .overrun(let frames):
      overruns += 1
      filled += frames
    case .deviceLost(let reason): begin(.gone, reason)
    case .deviceHangs(let span): begin(.hanging, "it has given nothing for \(span.milliseconds) ms")
    case .deviceAbsent(let reason): begin(.absent, reason)
    case .deviceBack(_, let frames):
      (outage, reason) = (nil, nil)
      restarts += 1
      // The lost frames include those that were noted as filled during the outage.
      filled = max(filled, filledBeforeOutage + frames)
    case .fallback(let name, _): substitute = name == nil ? .silence : .fallback
    case .sourceHeard: substitute = nil
    case .rateChanged, .leftOut, .remark, .title, .fallbackTitle: break
    case .silence: isSilent = true
    case .soundBack: isSilent = false
    }
    alarmSince = alarm == nil ? nil : alarmSince ?? now
  }

  /// Notes that `frames` of PCM stand for sound which the source does not give during an outage.
  mutating func note(filled frames: Int) {
    filled += frames
  }

  mutating func note(_ measured: Measured) {
    self.measured = measured
  }

  private mutating func begin(_ outage: Outage, _ reason: String) {
    self.reason = reason
    if self.outage == nil { filledBeforeOutage = filled }
    // A device that has not come yet is not gone.
    if self.outage != .absent { self.outage = outage }
  }
}
