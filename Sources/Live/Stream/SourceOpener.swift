import Audio
import Glibc

/// A source that is open or is tried again, and its kind.
struct OpenedSource {
  /// The kind of a source. Listeners are told the kind alone: a device's or a file's name is private.
  enum Kind: String, Sendable {
    case alsa, file, stdin, tone, room, icecast, relay, stream
  }

  let source: any Source
  let kind: Kind
}

/// Opens the source that the settings name, guarded by its fallback.
struct SourceOpener {
  /// Sample rates to ask a sound device for. The rates of MPEG-1 come first, so that nothing need be resampled; then
  /// those that cards have beside them.
  private static let rates = [48_000, 44_100, 32_000, 96_000, 88_200, 192_000, 176_400, 16_000, 8000]

  /// The longest time that a start waits for the file of a fallback. A disk may hang.
  private static let fallbackTimeout = Duration.seconds(1)

  private let settings: StreamSettings
  private let voices: StationVoices?
  private let sources: SourceClients?
  private let taps: StreamTaps
  private let onEvent: @Sendable (SourceEvent) -> Void

  /// - Parameters:
  ///   - voices: nil where the station has no rooms.
  ///   - sources: the mounts of the station; nil where source clients have none.
  ///   - taps: the sound of the streams.
  ///   - onEvent: called on the thread that opens the source, and then on the thread that reads it.
  init(
    _ settings: StreamSettings, voices: StationVoices?, sources: SourceClients? = nil, taps: StreamTaps = StreamTaps(),
    onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    self.settings = settings
    self.voices = voices
    self.sources = sources
    self.taps = taps
    self.onEvent = onEvent
  }

  func open() throws(SourceError) -> OpenedSource {
    // The files first: a microphone is not opened for a fallback that can never be played.
    let files = try files()
    let opened = try openUnguarded(files)
    let format = opened.source.format
    // The mixer mixes the fallback of a room.
    let fallbacks = opened.kind == .room ? [] : fallbacks(files, format)
    let source = GuardedSource(
      opened.source, fallbacks: fallbacks, opening: settings.startsWithTone ? ToneFallback(format: format) : nil,
      silenceAlarm: settings.silenceAlarm, replacesSilence: settings.replacesSilence, onEvent: onEvent)
    return OpenedSource(source: source, kind: opened.kind)
  }

  /// - Parameter files: the fallbacks that are files, in their order.
  private func fallbacks(_ files: [InputFallback], _ format: PCMFormat) -> [any Fallback] {
    var files = files[...]
    return settings.fallbacks.map { choice in
      switch choice {
      case .tone: return ToneFallback(format: format)
      case .file:
        var file = files.removeFirst()
        file.convert(to: format)
        return file
      case .alsa(let device):
        return fallback(
          DevicePlace(device, wish: wish(chosen: []), format: format), named: "alsa:\(device)", format)
      case .relay(let url):
        return fallback(
          RelayPlace(Relay(url, passwordFile: nil, format: format)), named: "\(url)", format)
      case .stream(let name): return fallback(taps[name].place(in: format), named: "stream:\(name)", format)
      }
    }
  }

  private func fallback(_ place: any SoundPlace, named name: String, _ format: PCMFormat) -> FollowedFallback {
    FollowedFallback(place, named: name, format: format, onEvent: onEvent)
  }

  /// Opens the fallbacks that are files.
  private func files() throws(SourceError) -> [InputFallback] {
    var files: [InputFallback] = []
    for case .file(let path) in settings.fallbacks {
      var choice = InputChoice(
        .path(path), raw: RawSound(SampleLayout(.int16), settings.chosenFormat), blockSize: settings.blockSize)
      choice.shuffleSeed = shuffleSeed
      files.append(InputFallback(choice, onEvent: onEvent))
    }
    for index in files.indices { try files[index].waitForFirstAttempt(atMost: Self.fallbackTimeout) }
    return files
  }

  private func openUnguarded(_ files: [InputFallback]) throws(SourceError) -> OpenedSource {
    switch settings.source {
    case .automatic:
      return OpenedSource(source: openDevice("default", absent: { .deviceAbsent(reason: $0) }), kind: .alsa)
    case .alsa(let device):
      return OpenedSource(source: openDevice(device, absent: { .deviceLost(reason: $0) }), kind: .alsa)
    case .file(let path): return OpenedSource(source: try openInput(.path(path)), kind: .file)
    case .standardInput: return OpenedSource(source: try openInput(.descriptor(STDIN_FILENO)), kind: .stdin)
    case .tone:
      return OpenedSource(source: ToneSource(format: settings.chosenFormat, blockSize: settings.blockSize), kind: .tone)
    case .icecast:
      guard let mount = sources?.mount(of: settings.name) else {
        throw SourceError("icecast: the station takes no source clients")
      }
      return OpenedSource(
        source: followed(
          mount, named: "source clients at /\(mount.stream)", format: mount.format,
          // No client is live at the start of the station. Where a stream begins again, a client may be.
          from: mount.live == nil ? .lost : .goingOn),
        kind: .icecast)
    case .relay(let url):
      let relay = RelayPlace(Relay(url, passwordFile: settings.sourcePasswordFile, format: settings.chosenFormat))
      return OpenedSource(source: followed(relay, named: "relay of \(url)"), kind: .relay)
    case .stream(let name):
      return OpenedSource(
        source: followed(taps[name].place(in: settings.chosenFormat), named: "stream:\(name)"), kind: .stream)
    case .room(let room):
      let programme =
        settings.fallbacks.isEmpty
        ? nil
        : FallbackChain(fallbacks(files, RoomSource.format), format: RoomSource.format, onEvent: onEvent)
      guard let source = voices?.source(of: settings, room: room, programme: programme, onEvent: onEvent) else {
        throw SourceError("room:\(room): the station has no rooms")
      }
      return OpenedSource(source: source, kind: .room)
    }
  }

  private func openDevice(_ device: String, absent: (_ reason: String) -> SourceEvent) -> ALSASource {
    ALSASource(device: device, wish: wish(chosen: settings.inputChannels), absent: absent, onEvent: onEvent)
  }

  private func wish(chosen: [Int]) -> CaptureWish {
    let rates = settings.sampleRate.map { [$0] } ?? []
    return CaptureWish(
      rates: rates + Self.rates.filter { !rates.contains($0) }, channels: settings.channels == 1 ? [1, 2] : [2, 1],
      period: settings.blockSize, chosen: chosen)
  }

  private func followed(
    _ place: any SoundPlace, named name: String, format: PCMFormat? = nil, from start: FollowedSource.Start = .awaited
  ) -> FollowedSource {
    FollowedSource(
      place, named: name, format: format ?? settings.chosenFormat, from: start, onEvent: onEvent)
  }

  private func openInput(_ place: InputChoice.Place) throws(SourceError) -> InputSource {
    let raw = settings.raw
    let format = PCMFormat(
      sampleRate: raw.sampleRate ?? settings.chosenFormat.sampleRate,
      channels: raw.channels ?? settings.chosenFormat.channels)
    var choice = InputChoice(
      place, raw: RawSound(raw.layout ?? SampleLayout(.int16), format), blockSize: settings.blockSize)
    choice.isRawNamed = raw.isNamed
    choice.channels = settings.inputChannels
    choice.loops = settings.loops
    choice.shuffleSeed = shuffleSeed
    (choice.listRate, choice.listChannels) = (settings.sampleRate, settings.channels)
    // The format of sound without a header, where nothing is known yet.
    let likely = PCMFormat(
      sampleRate: format.sampleRate,
      channels: choice.channels.isEmpty ? min(2, format.channels) : choice.channels.count)
    return try InputSource(choice, likely: likely, onEvent: onEvent)
  }

  private var shuffleSeed: UInt64? { settings.shuffles ? .random(in: 0...UInt64.max) : nil }
}
