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
  private(set) var isSilent = false
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
    case .deviceLost: begin(.gone)
    case .deviceHangs: begin(.hanging)
    case .deviceAbsent: begin(.absent)
    case .deviceBack(_, let frames):
      outage = nil
      restarts += 1
      // The lost frames include those that were noted as filled during the outage.
      filled = max(filled, filledBeforeOutage + frames)
    case .rateChanged, .leftOut, .remark: break
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

  private mutating func begin(_ outage: Outage) {
    if self.outage == nil { filledBeforeOutage = filled }
    // A device that has not come yet is not gone.
    if self.outage != .absent { self.outage = outage }
  }
}
