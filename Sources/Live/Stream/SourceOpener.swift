import Audio
import Logging

/// A source that is open, and what listeners are told of it.
struct SourceOpener {
  let source: any Source
  /// `alsa`, `file`, `stdin` or `tone`: the kind alone, for a path is nobody's business.
  let kind: String
  /// One line for the page where it isn't what was asked for, and why it isn't, for the log.
  let notice: String?
  let reason: String?

  /// Opens the source that `configuration` names, guarded by its fallback.
  init(_ configuration: Configuration, onEvent: @escaping @Sendable (SourceEvent) -> Void) throws(SourceError) {
    // The recording first: a microphone is not opened for what can't be played.
    let recording = try Self.recording(configuration.fallback)
    let opened = try SourceOpener(unguarded: configuration, onEvent)
    let format = opened.source.format
    let fallback: (any Fallback)? =
      switch configuration.fallback {
      case .silence: nil
      case .tone: ToneFallback(format: format)
      case .file: RecordingFallback(recording!, format: format)
      }
    let source = GuardedSource(
      opened.source, fallback: fallback, silenceAlarm: configuration.silenceAlarm,
      replacesSilence: configuration.replacesSilence, onEvent: onEvent)
    self.init(source, kind: opened.kind, notice: opened.notice, reason: opened.reason)
  }

  private init(
    unguarded configuration: Configuration, _ onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) throws(SourceError) {
    switch configuration.source {
    case .automatic:
      do {
        self.init(try Self.alsa("default", configuration, onEvent), kind: "alsa")
      } catch {
        self.init(
          Self.tone(configuration), kind: "tone", notice: "No capture device: playing the built-in programme",
          reason: error.description)
      }
    case .alsa(let device):
      self.init(try Self.alsa(device, configuration, onEvent), kind: "alsa")
    case .file(let path):
      let source = try FileSource(path: path, loops: configuration.loops, blockSize: configuration.blockSize)
      self.init(source, kind: "file")
    case .standardInput:
      let format = PCMFormat(sampleRate: configuration.sampleRate ?? 48_000, channels: configuration.channels ?? 2)
      self.init(PipeSource(descriptor: 0, format: format, blockSize: configuration.blockSize), kind: "stdin")
    case .tone:
      self.init(Self.tone(configuration), kind: "tone")
    }
  }

  private init(_ source: any Source, kind: String, notice: String? = nil, reason: String? = nil) {
    (self.source, self.kind, self.notice, self.reason) = (source, kind, notice, reason)
  }

  private static func recording(_ choice: Configuration.FallbackChoice) throws(SourceError) -> Recording? {
    guard case .file(let path) = choice else { return nil }
    do {
      return try Recording(path: path)
    } catch {
      throw SourceError("fallback \(error)")
    }
  }

  private static func alsa(
    _ device: String, _ configuration: Configuration, _ onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) throws(SourceError) -> ALSASource {
    // The rates of MPEG-1 first, so that nothing need be resampled; then those that cards have beside them.
    let rates = configuration.sampleRate.map { [$0] } ?? []
    return try ALSASource(
      device: device,
      rates: rates
        + [48_000, 44_100, 32_000, 96_000, 88_200, 192_000, 176_400, 16_000, 8000].filter { !rates.contains($0) },
      channels: configuration.channels == 1 ? [1, 2] : [2, 1],
      blockSize: configuration.blockSize, onEvent: onEvent)
  }

  private static func tone(_ configuration: Configuration) -> ToneSource {
    let format = PCMFormat(sampleRate: configuration.sampleRate ?? 48_000, channels: configuration.channels ?? 2)
    return ToneSource(format: format, blockSize: configuration.blockSize)
  }
}
