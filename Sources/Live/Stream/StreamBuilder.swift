import Audio
import Codec
import Core
import HLS
import Logging

/// Builds a stream from its settings and starts it.
struct StreamBuilder {
  /// The longest time that an edition waits for the folder.
  private static let folderGrace = Duration.milliseconds(100)

  private let settings: StreamSettings
  private let audience: Audience
  private let identity: Identity
  private let voices: StationVoices?
  private let sources: SourceClients?
  private let taps: StreamTaps
  private let library: RecordingLibrary?
  private let log: Log
  private let events: EventSink

  /// - Parameters:
  ///   - identity: the texts for players.
  ///   - voices: nil where the station has no rooms.
  ///   - sources: the mounts of the station; nil where source clients have none.
  ///   - taps: the sound of all streams of the station.
  ///   - library: lists the recordings; nil where no stream can be recorded.
  ///   - events: gets the events of the stream.
  init(
    _ settings: StreamSettings, for audience: Audience, knownAs identity: Identity = Identity(),
    voices: StationVoices? = nil, sources: SourceClients? = nil, taps: StreamTaps = StreamTaps(),
    library: RecordingLibrary? = nil, log: Log,
    events: EventSink = .none
  ) {
    self.settings = settings
    self.audience = audience
    self.identity = identity
    self.voices = voices
    self.sources = sources
    self.taps = taps
    self.library = library
    self.log = log
    self.events = events.of(settings.name)
  }

  /// Opens the source, restores the ring, and starts the capture thread.
  /// - Parameters:
  ///   - onChange: called on any thread, often, when listeners can get more than before; it must not wait.
  ///   - onEnd: called on the capture thread when the stream is over and was not stopped.
  func start(
    onChange: @escaping @Sendable (PublishEvents) -> Void, onEnd: @escaping @Sendable (StreamEnd) -> Void
  ) throws -> LiveStream {
    let monitor = SourceMonitor(settings, log: log, events: events)
    let nowPlaying = NowPlayingMailbox()
    let source = try openSource(reportingTo: monitor, titlesTo: nowPlaying)
    let input = source.source.format
    let rendition = try rendition(for: input)
    let encoder = try MP3Encoder(input: input, output: rendition)
    let layout = StreamLayout(settings, rendition: rendition)

    let folder = try StreamFolder(
      directory: settings.soundDirectory, stream: settings.name.text, packaging: layout.packaging, log: log)
    let (restored, ring) = restore(folder, layout)
    let pipeline = StreamPipeline(
      layout, sourceRate: input.sampleRate, delay: encoder.delay, restored: restored, ring: ring)

    let latest = LatestEdition(
      graceFrames: Self.folderGrace.samples(rate: rendition.sampleRate), onChange: onChange)
    // The segments that have just left the playlist are still in memory.
    let pictures = PictureShelf(
      .init(ring: settings.segmentLength * (settings.ringSize + 2), sampleRate: rendition.sampleRate), for: audience,
      onChange: { onChange(.picture) })
    let shared = SharedStreamState(
      nowPlaying: nowPlaying, latest: latest, pictures: pictures, edge: LiveEdge(rate: rendition.sampleRate),
      source: monitor,
      encoding: EncodingStatistics())
    let storage = LiveStream.Storage(
      writer: folder.writer(in: restored.era, log: log, events: events) { latest.folderHas(edition: $0) },
      traces: folder.traces, recorder: recorder())
    let peaks = RestoredPeaks(restored.segments, for: audience)
    let publisher = StreamPublisher(
      builder: editionBuilder(layout, in: restored.era, restoredPeaks: peaks.peaks, playing: latest), latest: latest,
      folder: storage.writer, played: folder.played, crashMemory: folder.box,
      tap: storage.recorder.map { RecordingTap($0) }, log: log)

    let loop = CaptureLoop(
      source: source.source, encoder: encoder, pipeline: pipeline, publisher: publisher, shared: shared,
      tap: taps[settings.name], log: log)
    let stream = LiveStream(
      StreamDescription(settings, source: source, rendition: rendition), for: audience,
      // rfc8216bis §6.2.5.2: a request that is held for more than three target durations is answered with 503.
      holdTimeout: .seconds(3 * layout.grid.targetDuration), shared: shared, storage: storage,
      nowPlayingFile: settings.metadataFile.map { NowPlayingFile($0, for: shared.nowPlaying, log: log) },
      camera: settings.camera.map { CameraThread($0, log: log) { shared.show($0, at: $1) } })
    stream.run(loop, onEnd: onEnd)
    peaks.measure()
    return stream
  }

  /// Nil if the stream is not recorded.
  private func recorder() -> Recorder? {
    guard let record = settings.record, let library else { return nil }
    return Recorder(record, stream: settings.name.text, library: library, log: log, events: events)
  }

  /// - Parameter nowPlaying: gets the titles of files, unless another file names what plays.
  private func openSource(
    reportingTo monitor: SourceMonitor, titlesTo nowPlaying: NowPlayingMailbox
  ) throws -> OpenedSource {
    let titles = settings.metadataFile == nil ? FileTitles(for: nowPlaying) : nil
    let opened = try SourceOpener(settings, voices: voices, sources: sources, taps: taps) { event in
      monitor.report(event)
      titles?.note(event)
    }.open()
    log.info("source: \(opened.source.summary)")
    return opened
  }

  private func rendition(for input: PCMFormat) throws -> Rendition {
    let rendition = Rendition(
      codec: .mp3, sampleRate: settings.sampleRate ?? MP3Format.sampleRate(for: input.sampleRate),
      channels: settings.channels ?? input.channels, kilobitsPerSecond: settings.bitrate)
    // Only now the sample rate is known, on which the frames' length and with it this rule depends.
    try settings.check(sampleRate: rendition.sampleRate)
    return rendition
  }

  /// The segments that the runs before have left in the folder, and the ring that continues with them.
  private func restore(_ folder: StreamFolder, _ layout: StreamLayout) -> (Restored, Ring) {
    let restored = folder.restore(targetDuration: layout.grid.targetDuration, log: log)
    var ring = Ring(
      capacity: settings.ringSize, targetDuration: layout.grid.targetDuration,
      discontinuitySequence: restored.discontinuitySequence)
    for segment in restored.segments { ring.append(segment) }
    return (restored, ring)
  }

  private func editionBuilder(
    _ layout: StreamLayout, in era: Era, restoredPeaks: [Int: SegmentPeaks], playing latest: LatestEdition
  ) -> EditionBuilder {
    let icy = ICYMetadata(
      stream: settings.name.text, identity, rendition: layout.rendition, for: audience, encoding: settings.icyEncoding
    ) { [weak latest] sample in
      latest?.edition?.history.playing(at: sample).line ?? ""
    }
    let endless = EndlessStream(
      burst: settings.burst, lag: settings.maxLag,
      partFrames: layout.cadence.part, rendition: layout.rendition, icy: icy)
    return EditionBuilder(
      stream: settings.name.text, era: era, partFrames: layout.cadence.part, capacity: layout.segmentCapacity,
      endless: endless, restoredPeaks: restoredPeaks, for: audience)
  }
}
