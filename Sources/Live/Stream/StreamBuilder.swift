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
  private let voices: StationVoices?
  private let log: Log

  /// - Parameter voices: nil where the station has no rooms.
  init(_ settings: StreamSettings, for audience: Audience, voices: StationVoices?, log: Log) {
    self.settings = settings
    self.audience = audience
    self.voices = voices
    self.log = log
  }

  /// Opens the source, restores the ring, and starts the capture thread.
  /// - Parameters:
  ///   - onChange: called on any thread, often, when listeners can get more than before; it must not wait.
  ///   - onEnd: called on the capture thread when the stream is over and was not stopped.
  func start(
    onChange: @escaping @Sendable (PublishEvents) -> Void, onEnd: @escaping @Sendable (StreamEnd) -> Void
  ) throws -> LiveStream {
    let monitor = SourceMonitor(settings, log: log)
    let source = try openSource(reportingTo: monitor)
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
    let shared = SharedStreamState(
      nowPlaying: NowPlayingMailbox(), latest: latest, edge: LiveEdge(rate: rendition.sampleRate), source: monitor,
      encoding: EncodingStatistics())
    let storage = LiveStream.Storage(
      writer: folder.writer(in: restored.era, log: log) { latest.folderHas(edition: $0) }, traces: folder.traces)
    let publisher = StreamPublisher(
      builder: editionBuilder(layout, in: restored.era, playing: latest), latest: latest, folder: storage.writer,
      crashMemory: folder.box, log: log)

    let loop = CaptureLoop(
      source: source.source, encoder: encoder, pipeline: pipeline, publisher: publisher, shared: shared, log: log)
    let stream = LiveStream(
      StreamDescription(settings, source: source, rendition: rendition), for: audience,
      // rfc8216bis §6.2.5.2: a request that is held for more than three target durations is answered with 503.
      holdTimeout: .seconds(3 * layout.grid.targetDuration), shared: shared, storage: storage,
      nowPlayingFile: settings.metadataFile.map { NowPlayingFile($0, for: shared.nowPlaying, log: log) })
    stream.run(loop, onEnd: onEnd)
    return stream
  }

  private func openSource(reportingTo monitor: SourceMonitor) throws -> OpenedSource {
    let opened = try SourceOpener(settings, voices: voices) { monitor.report($0) }.open()
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

  private func editionBuilder(_ layout: StreamLayout, in era: Era, playing latest: LatestEdition) -> EditionBuilder {
    let icy = ICYMetadata(
      stream: settings.name.text, rendition: layout.rendition, for: audience, encoding: settings.icyEncoding
    ) { [weak latest] sample in
      latest?.edition?.history.playing(at: sample).line ?? ""
    }
    let endless = EndlessStream(
      burst: settings.burst, lag: settings.maxLag,
      partFrames: layout.cadence.part, rendition: layout.rendition, icy: icy)
    return EditionBuilder(
      stream: settings.name.text, era: era, partFrames: layout.cadence.part, capacity: layout.segmentCapacity,
      endless: endless, for: audience)
  }
}
