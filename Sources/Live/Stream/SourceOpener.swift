import Audio

/// A source that is open, and the words for it.
struct OpenedSource {
  /// The kind of a source. Listeners are told the kind alone: a device's or a file's name is private.
  enum Kind: String, Sendable {
    case alsa, file, stdin, tone
  }

  let source: any Source
  let kind: Kind
  /// Set where another source was opened than the one that was asked for.
  var substitution: Substitution?

  struct Substitution {
    /// One line for listeners.
    let notice: String
    /// The reason, for the log.
    let reason: String
  }
}

/// Opens the source that the settings name, guarded by its fallback.
struct SourceOpener {
  /// Sample rates to ask a sound device for. The rates of MPEG-1 come first, so that nothing need be resampled; then
  /// those that cards have beside them.
  private static let rates = [48_000, 44_100, 32_000, 96_000, 88_200, 192_000, 176_400, 16_000, 8000]

  private let settings: StreamSettings
  private let onEvent: @Sendable (SourceEvent) -> Void

  /// - Parameter onEvent: called on the thread that reads the source.
  init(_ settings: StreamSettings, onEvent: @escaping @Sendable (SourceEvent) -> Void) {
    self.settings = settings
    self.onEvent = onEvent
  }

  func open() throws(SourceError) -> OpenedSource {
    // The recording first: a microphone is not opened if its fallback can't be played.
    let recording = try recording()
    let opened = try openUnguarded()
    let format = opened.source.format
    let fallback: (any Fallback)? =
      switch settings.fallback {
      case .silence: nil
      case .tone: ToneFallback(format: format)
      case .file: RecordingFallback(recording!, format: format)
      }
    let source = GuardedSource(
      opened.source, fallback: fallback, silenceAlarm: settings.silenceAlarm,
      replacesSilence: settings.replacesSilence, onEvent: onEvent)
    return OpenedSource(source: source, kind: opened.kind, substitution: opened.substitution)
  }

  private func recording() throws(SourceError) -> Recording? {
    guard case .file(let path) = settings.fallback else { return nil }
    do {
      return try Recording(path: path)
    } catch {
      throw SourceError("fallback \(error)")
    }
  }

  private func openUnguarded() throws(SourceError) -> OpenedSource {
    switch settings.source {
    case .automatic: return defaultDeviceOrTone()
    case .alsa(let device): return OpenedSource(source: try openDevice(device), kind: .alsa)
    case .file(let path):
      let source = try FileSource(path: path, loops: settings.loops, blockSize: settings.blockSize)
      return OpenedSource(source: source, kind: .file)
    case .standardInput:
      let source = PipeSource(descriptor: 0, format: chosenFormat, blockSize: settings.blockSize)
      return OpenedSource(source: source, kind: .stdin)
    case .tone: return OpenedSource(source: tone, kind: .tone)
    }
  }

  private func defaultDeviceOrTone() -> OpenedSource {
    do {
      return OpenedSource(source: try openDevice("default"), kind: .alsa)
    } catch {
      let substitution = OpenedSource.Substitution(
        notice: "No capture device: playing the built-in test tone", reason: error.description)
      return OpenedSource(source: tone, kind: .tone, substitution: substitution)
    }
  }

  private func openDevice(_ device: String) throws(SourceError) -> ALSASource {
    let rates = settings.sampleRate.map { [$0] } ?? []
    return try ALSASource(
      device: device, rates: rates + Self.rates.filter { !rates.contains($0) },
      channels: settings.channels == 1 ? [1, 2] : [2, 1], blockSize: settings.blockSize, onEvent: onEvent)
  }

  private var tone: ToneSource { ToneSource(format: chosenFormat, blockSize: settings.blockSize) }

  /// The format of a source that has none of its own.
  private var chosenFormat: PCMFormat {
    PCMFormat(sampleRate: settings.sampleRate ?? 48_000, channels: settings.channels ?? 2)
  }
}
