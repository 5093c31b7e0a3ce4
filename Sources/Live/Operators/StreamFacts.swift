import Audio
import Codec
import Core

// The tables of `live.json`, the description of a stream for listeners. A key stands in `live.json` itself; `/status` has
// the whole description under `stream`.

extension Figures {
  /// The facts that never change.
  static let facts: [Figure<StreamDescription>] = [
    Figure("stream", nil) { .json(.string($0.name.text)) },
    Figure("source", nil) { .json(.string($0.source.rawValue)) },
    Figure("bitrate", nil) { .count($0.rendition.bitsPerSecond) },
    Figure("sampleRate", nil) { .count($0.rendition.sampleRate) },
    Figure("channels", nil) { .count($0.rendition.channels) },
    Figure("segmentLength", nil) { .seconds($0.settings.segmentLength.seconds) },
    Figure("ringSize", nil) { .count($0.settings.ringSize) },
    Figure("partLength", nil) { .seconds($0.settings.partLength.seconds) },
    Figure("chunkLength", nil) { .seconds($0.settings.chunkLength.seconds) },
    Figure("promptChunkLength", nil) { .seconds($0.settings.promptChunkLength.seconds) },
    Figure("version", nil) { _ in .json(.string(StationSettings.version)) },
  ]

  /// The state of the source.
  static let health: [Figure<SourceHealth>] = [
    Figure("alarm", nil) { .json($0.alarm.map { .string($0.rawValue) } ?? .null) },
    Figure("alarmSince", nil) { .json($0.alarmSince.map { .string($0.text) } ?? .null) },
    Figure("levels", nil) { health in
      .json(
        .array(
          health.measured.levels.map {
            .object([("peak", .decimal(tenths: $0.peak)), ("rms", .decimal(tenths: $0.rms))])
          }))
    },
    Figure(
      "clipped", .counter("ringcast_clipped_samples_total", "Samples at full scale in runs of three and more.")
    ) { .count($0.measured.clipped) },
    Figure("overruns", .counter("ringcast_source_overruns_total", "Overruns of the device's buffer.")) {
      .count($0.overruns)
    },
    Figure(
      "drift",
      .gauge("ringcast_source_drift_ppm", "Parts per million by which the source's clock is faster than the machine's.")
    ) { .level($0.measured.drift) },
  ]

  /// Whether the stream has ended.
  static let ended = Figure<Bool>("ended", .gauge("ringcast_stream_ended", "Whether the input has ended.")) {
    .flag($0)
  }
}
