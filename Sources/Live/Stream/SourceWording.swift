import Audio
import Core

/// The sentences about a stream's source: for operators in the log, and for listeners on the page.
struct SourceWording: Sendable {
  /// The source, for listeners.
  private let subject: String
  /// Whether the source is a room.
  private let isRoom: Bool
  /// The sound that listeners hear while the source is gone, while it is silent, and before a capture device is there.
  private let outageSubstitute: String
  private let silenceSubstitute: String
  private let absenceSubstitute: String

  init(_ settings: StreamSettings) {
    let hasFallback = settings.fallback != .silence
    outageSubstitute = hasFallback ? "the fallback is played" : "silence is sent"
    absenceSubstitute = settings.startsWithTone ? "playing the built-in test tone" : "the fallback is played"
    subject =
      switch settings.source {
      case .automatic, .alsa, .tone: "The sound device"
      case .file: "The sound file"
      case .standardInput: "The input"
      case .room: "The room"
      }
    isRoom = settings.sourceRoom != nil
    silenceSubstitute = settings.replacesSilence ? "; the fallback is played until there is sound" : ""
  }

  /// The line of the log for an event.
  func line(_ event: SourceEvent) -> String {
    switch event {
    case .overrun(let frames): "source: overrun, \(frames) frames lost and filled with silence"
    case .deviceLost(let reason) where isRoom: "source: \(reason); \(outageSubstitute) until somebody is"
    case .deviceBack(_, let frames) where isRoom: "source: somebody is on the air, after \(frames) frames"
    case .deviceLost(let reason): "source: \(reason); \(outageSubstitute) until it is back"
    case .deviceHangs(let span):
      "source: it has given nothing for \(span.milliseconds) ms; \(outageSubstitute) until it is back"
    case .deviceBack(let summary, let frames): "source: back after \(frames) frames: \(summary)"
    case .rateChanged(let before, let rate): "source: its sample rate has changed from \(before) to \(rate) Hz"
    case .leftOut(let frames):
      "source: \(frames) frames could not be recorded: too many to be filled with silence, so dates leap"
    case .silence(let span): "source: silent for \(span.components.seconds) s\(silenceSubstitute)"
    case .soundBack: "source: there is sound again"
    case .deviceAbsent(let reason): "\(absence) (\(reason)); it is tried again"
    case .remark(let remark): "source: \(remark)"
    }
  }

  /// Whether an event is logged as an error; every other one is a warning.
  func isError(_ event: SourceEvent) -> Bool {
    switch event {
    // People leave the air when they have finished.
    case .deviceLost: !isRoom
    case .deviceHangs: true
    case .overrun, .deviceBack, .rateChanged, .leftOut, .silence, .soundBack, .deviceAbsent, .remark: false
    }
  }

  /// The line of the log for clipped samples.
  func clipping(samples: Int) -> String { "source: clipping, \(samples) samples at full scale" }

  /// One line for listeners while the source has a fault; nil otherwise.
  func notice(_ health: SourceHealth) -> String? {
    switch health.outage {
    case .gone where isRoom: "Nobody is on the air: \(outageSubstitute) until somebody is"
    case .gone: "\(subject) is gone: \(outageSubstitute) until it is back"
    case .hanging: "\(subject) gives nothing: \(outageSubstitute) until it is back"
    case .absent: absence
    case nil: health.isSilent ? "No sound comes in\(silenceSubstitute)" : nil
    }
  }

  private var absence: String { "No capture device: \(absenceSubstitute)" }
}
