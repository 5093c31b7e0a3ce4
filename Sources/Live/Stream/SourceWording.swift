import Audio
import Core
import Logging

/// The sentences about a stream's source: for operators in the log, and for listeners on the page.
struct SourceWording: Sendable {
  /// The source, for listeners.
  private let subject: String
  /// Whether the source is a room.
  private let isRoom: Bool
  /// Whether the source is a client of Icecast.
  private let isClient: Bool
  /// The sound that listeners hear while the source is gone, while it is silent, and before a capture device is there.
  private let outageSubstitute: String
  private let silenceSubstitute: String
  private let absenceSubstitute: String

  init(_ settings: StreamSettings) {
    let hasFallback = !settings.fallbacks.isEmpty
    outageSubstitute = hasFallback ? "the fallback is played" : Self.silence
    absenceSubstitute = settings.startsWithTone ? "playing the built-in test tone" : "the fallback is played"
    subject =
      switch settings.source {
      case .automatic, .alsa, .tone: "The sound device"
      case .file: "The sound file"
      case .standardInput: "The input"
      case .room: "The room"
      case .icecast: "The live source"
      case .relay: "The relayed station"
      case .stream: "The other stream"
      }
    isClient = settings.source == .icecast
    isRoom = settings.sourceRoom != nil
    silenceSubstitute = settings.replacesSilence ? "; the fallback is played until there is sound" : ""
  }

  /// The line of the log for an event.
  func line(_ event: SourceEvent) -> String {
    switch event {
    case .overrun(let frames): "source: overrun, \(frames) frames lost and filled with silence"
    case .deviceLost(let reason) where isRoom: "source: \(reason); \(outageSubstitute) until somebody is"
    case .deviceBack(_, let frames) where isRoom: "source: somebody is on the air, after \(frames) frames"
    case .deviceLost(let reason) where isClient: "source: \(reason); \(outageSubstitute) until one is"
    case .deviceHangs(let span) where isClient:
      "source: the client has given nothing for \(span.milliseconds) ms; \(outageSubstitute) until sound comes"
    case .deviceBack(_, let frames) where isClient: "source: the client's sound plays, after \(frames) frames"
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
    case .fallback(let name?, let silent): "source: the fallback \(name) is heard\(reason(silent))"
    case .fallback(nil, _): "source: no fallback has sound: silence is sent"
    case .sourceHeard: "source: heard again, and the fallback is not"
    case .title(let title), .fallbackTitle(let title):
      "source: \([title.artist, title.title].compactMap(\.self).joined(separator: " - ")) begins"
    }
  }

  /// The importance of an event in the log.
  func level(_ event: SourceEvent) -> Log.Level {
    switch event {
    // People leave the air when they have finished.
    case .deviceLost: isRoom || isClient ? .warning : .error
    case .deviceHangs: isClient ? .warning : .error
    case .overrun, .deviceBack, .rateChanged, .leftOut, .silence, .soundBack, .deviceAbsent, .remark: .warning
    case .fallback(let name, _): name == nil ? .warning : .info
    case .sourceHeard: .info
    case .title, .fallbackTitle: .debug
    }
  }

  /// The reason why a fallback is heard although there are better ones.
  private func reason(_ silent: [String]) -> String {
    silent.isEmpty
      ? "" : ", because \(silent.joined(separator: " and ")) \(silent.count == 1 ? "has" : "have") no sound"
  }

  /// The line of the log for clipped samples.
  func clipping(samples: Int) -> String { "source: clipping, \(samples) samples at full scale" }

  /// One line for listeners while the source has a fault; nil otherwise.
  func notice(_ health: SourceHealth) -> String? {
    let isMute = health.substitute == .silence
    let substitute = isMute ? Self.silence : outageSubstitute
    return switch health.outage {
    case .gone where isRoom: "Nobody is on the air: \(substitute) until somebody is"
    case .gone where isClient: "Nobody is live: \(substitute) until somebody is"
    case .gone: "\(subject) is gone: \(substitute) until it is back"
    case .hanging: "\(subject) gives nothing: \(substitute) until it is back"
    case .absent: isMute ? "No capture device: \(Self.silence)" : absence
    case nil: health.isSilent ? "No sound comes in\(isMute ? "" : silenceSubstitute)" : nil
    }
  }

  private var absence: String { "No capture device: \(absenceSubstitute)" }

  private static let silence = "silence is sent"
}
