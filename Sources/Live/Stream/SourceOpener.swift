import Audio
import Glibc

/// A source that is open or is tried again, and its kind.
struct OpenedSource {
  /// The kind of a source. Listeners are told the kind alone: a device's or a file's name is private.
  enum Kind: String, Sendable {
    case alsa, file, stdin, tone, room
  }

  let source: any Source
  let kind: Kind
}

/// Opens the source that the settings name, guarded by its fallback.
struct SourceOpener {
  /// Sample rates to ask a sound device for. The rates of MPEG-1 come first, so that nothing need be resampled; then
  /// those that cards have beside them.
  private static let rates = [48_000, 44_100, 32_000, 96_000, 88_200, 192_000, 176_400, 16_000, 8000]

  /// The longest time that a start waits for the fallback's file. A disk may hang.
  private static let recordingTimeout = Duration.seconds(1)

  private let settings: StreamSettings
  private let voices: StationVoices?
  private let onEvent: @Sendable (SourceEvent) -> Void

  /// - Parameters:
  ///   - voices: nil where the station has no rooms.
  ///   - onEvent: called on the thread that opens the source, and then on the thread that reads it.
  init(_ settings: StreamSettings, voices: StationVoices?, onEvent: @escaping @Sendable (SourceEvent) -> Void) {
    self.settings = settings
    self.voices = voices
    self.onEvent = onEvent
  }

  func open() throws(SourceError) -> OpenedSource {
    // The recording first: a microphone is not opened for a fallback that can never be played.
    let recording = try recording()
    let opened = try openUnguarded(recording)
    let format = opened.source.format
    // The mixer mixes the fallback of a room.
    let fallback = opened.kind == .room ? nil : fallback(recording, format)
    let source = GuardedSource(
      opened.source, fallback: fallback, opening: settings.startsWithTone ? ToneFallback(format: format) : nil,
      silenceAlarm: settings.silenceAlarm, replacesSilence: settings.replacesSilence, onEvent: onEvent)
    return OpenedSource(source: source, kind: opened.kind)
  }

  private func fallback(_ recording: AwaitedRecording?, _ format: PCMFormat) -> (any Fallback)? {
    switch settings.fallback {
    case .silence: nil
    case .tone: ToneFallback(format: format)
    case .file: RecordingFallback(recording!, format: format)
    }
  }

  private func recording() throws(SourceError) -> AwaitedRecording? {
    guard case .file(let path) = settings.fallback else { return nil }
    let recording = AwaitedRecording(path: path, onEvent: onEvent)
    do {
      try recording.waitForFirstAttempt(atMost: Self.recordingTimeout)
    } catch {
      throw SourceError("fallback \(error)")
    }
    return recording
  }

  private func openUnguarded(_ recording: AwaitedRecording?) throws(SourceError) -> OpenedSource {
    switch settings.source {
    case .automatic:
      return OpenedSource(source: openDevice("default", absent: { .deviceAbsent(reason: $0) }), kind: .alsa)
    case .alsa(let device):
      return OpenedSource(source: openDevice(device, absent: { .deviceLost(reason: $0) }), kind: .alsa)
    case .file(let path): return OpenedSource(source: try openInput(.path(path)), kind: .file)
    case .standardInput: return OpenedSource(source: try openInput(.descriptor(STDIN_FILENO)), kind: .stdin)
    case .tone:
      return OpenedSource(source: ToneSource(format: chosenFormat, blockSize: settings.blockSize), kind: .tone)
    case .room(let room):
      let programme = fallback(recording, RoomSource.format)
      guard let source = voices?.source(of: settings, room: room, programme: programme, onEvent: onEvent) else {
        throw SourceError("room:\(room): the station has no rooms")
      }
      return OpenedSource(source: source, kind: .room)
    }
  }

  private func openDevice(_ device: String, absent: (_ reason: String) -> SourceEvent) -> ALSASource {
    let rates = settings.sampleRate.map { [$0] } ?? []
    let wish = CaptureWish(
      rates: rates + Self.rates.filter { !rates.contains($0) }, channels: settings.channels == 1 ? [1, 2] : [2, 1],
      period: settings.blockSize, chosen: settings.inputChannels)
    return ALSASource(device: device, wish: wish, absent: absent, onEvent: onEvent)
  }

  private func openInput(_ place: InputChoice.Place) throws(SourceError) -> InputSource {
    let raw = settings.raw
    let format = PCMFormat(
      sampleRate: raw.sampleRate ?? chosenFormat.sampleRate, channels: raw.channels ?? chosenFormat.channels)
    var choice = InputChoice(
      place, raw: RawSound(raw.layout ?? SampleLayout(.int16), format), blockSize: settings.blockSize)
    choice.isRawNamed = raw.isNamed
    choice.channels = settings.inputChannels
    choice.loops = settings.loops
    // The format of sound without a header, where nothing is known yet.
    let likely = PCMFormat(
      sampleRate: format.sampleRate,
      channels: choice.channels.isEmpty ? min(2, format.channels) : choice.channels.count)
    return try InputSource(choice, likely: likely, onEvent: onEvent)
  }

  /// The format of a source that has none of its own.
  private var chosenFormat: PCMFormat {
    PCMFormat(sampleRate: settings.sampleRate ?? 48_000, channels: settings.channels ?? 2)
  }
}
