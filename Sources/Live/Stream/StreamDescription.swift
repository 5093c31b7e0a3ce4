import Audio
import Codec
import Core

/// The description of a stream for listeners, as `live.json` has it: the facts that never change, and with them the state
/// at one moment.
struct StreamDescription: Sendable {
  let name: StreamName
  let source: OpenedSource.Kind
  /// Samples per second of the source.
  let sourceRate: Int
  /// One line for listeners if another source is open than the one that was asked for.
  private let notice: String?
  private let facts: [(String, JSON)]

  /// - Parameter rendition: of the encoded stream.
  init(_ settings: StreamSettings, source: OpenedSource, rendition: Rendition) {
    name = settings.name
    self.source = source.kind
    sourceRate = source.source.format.sampleRate
    notice = source.substitution?.notice
    facts = [
      ("stream", .string(settings.name.text)),
      ("source", .string(source.kind.rawValue)),
      ("bitrate", .number(rendition.bitsPerSecond)),
      ("sampleRate", .number(rendition.sampleRate)),
      ("channels", .number(rendition.channels)),
      ("segmentLength", .decimal(settings.segmentLength.decimalSeconds)),
      ("ringSize", .number(settings.ringSize)),
      ("partLength", .decimal(settings.partLength.decimalSeconds)),
      ("chunkLength", .decimal(settings.chunkLength.decimalSeconds)),
      ("promptChunkLength", .decimal(settings.promptChunkLength.decimalSeconds)),
      ("version", .string(StationSettings.version)),
    ]
  }

  /// The members of the JSON object at one moment.
  /// - Parameters:
  ///   - fault: one line for listeners while the source has a fault.
  ///   - hasEnded: whether the input has ended.
  func members(health: SourceHealth, fault: String?, hasEnded: Bool) -> [(String, JSON)] {
    let notice = (fault ?? notice).map { JSON.string($0) } ?? .null
    return facts + [("notice", notice)] + health.members + [("ended", .bool(hasEnded))]
  }
}

extension SourceHealth {
  var members: [(String, JSON)] {
    let levels = measured.levels.map {
      JSON.object([("peak", .decimal(tenths: $0.peak)), ("rms", .decimal(tenths: $0.rms))])
    }
    return [
      ("alarm", alarm.map { .string($0.rawValue) } ?? .null),
      ("alarmSince", alarmSince.map { .string($0.text) } ?? .null),
      ("levels", .array(levels)),
      ("clipped", .number(measured.clipped)),
      ("overruns", .number(overruns)),
      ("drift", measured.drift.map { .decimal(tenths: $0) } ?? .null),
    ]
  }
}
