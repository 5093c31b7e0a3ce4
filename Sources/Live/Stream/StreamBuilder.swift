import Audio
import Codec
import Core
import HLS
import HTTP
import Logging
import System

/// Builds a stream from its settings and starts it.
struct StreamBuilder {
  /// The longest time that an edition waits for the folder.
  private static let folderGrace = Duration.milliseconds(100)

  private let configuration: Configuration
  private let audience: Audience
  private let log: Log

  init(_ configuration: Configuration, for audience: Audience, log: Log) {
    self.configuration = configuration
    self.audience = audience
    self.log = log
  }

  /// Opens the source, restores the ring, and starts the capture thread.
  /// - Parameters:
  ///   - onChange: called on any thread, often, when listeners can get more than before; it must not wait.
  ///   - onEnd: called on the capture thread when the input has ended and the stream was not stopped.
  func start(
    onChange: @escaping @Sendable (PublishEvents) -> Void, onEnd: @escaping @Sendable () -> Void
  ) throws -> LiveStream {
    let monitor = SourceMonitor(configuration, log: log)
    let source = try openSource(reportingTo: monitor)
    let input = source.source.format
    let format = try encodedFormat(for: input)
    let encoder = try MP3Encoder(input: input, output: format)
    let layout = Layout(configuration, format: format)

    let folder = try StreamFolder(
      directory: configuration.soundDirectory, stream: configuration.stream, log: log)
    let pipeline = restore(folder, layout, sourceRate: input.sampleRate)

    let latest = LatestEdition(
      graceFrames: Self.folderGrace.samples(rate: format.sampleRate), onChange: onChange)
    let shared = SharedStreamState(
      nowPlaying: NowPlayingMailbox(), latest: latest, source: monitor, encoding: EncodingStatistics())
    let storage = LiveStream.Storage(
      writer: folder.writer(log: log) { latest.folderHas(edition: $0) }, traces: folder.traces)
    let publisher = StreamPublisher(
      builder: editionBuilder(layout, playing: latest), latest: latest, folder: storage.writer,
      crashMemory: folder.box, log: log)

    let loop = CaptureLoop(
      source: source.source, encoder: encoder, pipeline: pipeline, publisher: publisher, shared: shared, log: log)
    let stream = LiveStream(
      StreamDescription(configuration, source: source, format: format), for: audience,
      // rfc8216bis §6.2.5.2: a request that is held for more than three target durations is answered with 503.
      holdTimeout: .seconds(3 * layout.grid.targetDuration), shared: shared, storage: storage,
      nowPlayingFile: configuration.metadataFile.map { NowPlayingFile($0, for: shared.nowPlaying, log: log) })
    stream.run(loop, onEnd: onEnd)
    return stream
  }

  /// The lengths into which the encoded stream is cut.
  private struct Layout {
    let format: MP3Format
    let grid: Grid
    let cadence: Cadence

    init(_ configuration: Configuration, format: MP3Format) {
      self.format = format
      grid = Grid(sampleRate: format.sampleRate, target: configuration.segmentLength)
      cadence = Cadence(configuration, grid: grid)
    }

    /// The most bytes of a segment: those of the longest one, and a frame more for the bytes of one that the encoder has
    /// not finished.
    var segmentCapacity: Int {
      let frameLength = 144 * format.bitrate * 1000 / format.sampleRate + 1
      return TimestampTag.length + (grid.longest / MP3Format.samplesPerFrame + 1) * frameLength
    }
  }

  private func openSource(reportingTo monitor: SourceMonitor) throws -> OpenedSource {
    let opened = try SourceOpener(configuration) { monitor.report($0) }.open()
    if let substitution = opened.substitution { log.warning("\(substitution.notice) (\(substitution.reason))") }
    log.info("source: \(opened.source.summary)")
    return opened
  }

  private func encodedFormat(for input: PCMFormat) throws -> MP3Format {
    let format = MP3Format(
      sampleRate: configuration.sampleRate ?? MP3Format.sampleRate(for: input.sampleRate),
      channels: configuration.channels ?? input.channels, bitrate: configuration.bitrate)
    // Only now the sample rate is known, on which the frames' length and with it this rule depends.
    try configuration.check(sampleRate: format.sampleRate)
    return format
  }

  /// The pipeline of a run that goes on from what the folder holds of the runs before.
  private func restore(_ folder: StreamFolder, _ layout: Layout, sourceRate: Int) -> StreamPipeline {
    let restored = folder.restore(targetDuration: layout.grid.targetDuration, log: log)
    var ring = Ring(
      capacity: configuration.ringSize, targetDuration: layout.grid.targetDuration,
      discontinuitySequence: restored.discontinuitySequence)
    for segment in restored.segments { ring.append(segment) }
    return StreamPipeline(
      grid: layout.grid, cadence: layout.cadence, sourceRate: sourceRate, restored: restored, ring: ring)
  }

  private func editionBuilder(_ layout: Layout, playing latest: LatestEdition) -> EditionBuilder {
    let (format, partFrames) = (layout.format, layout.cadence.part)
    let radio = ICYMetadata(stream: configuration.stream, bitrate: format.bitrate, for: audience) {
      [weak latest] offset in
      // At a constant bit rate, bytes tell the time.
      let sample = offset * 8 * format.sampleRate / (format.bitrate * 1000)
      return latest?.edition?.history.playing(at: sample).line ?? ""
    }
    let endless = EndlessStream(
      burst: configuration.burst, lag: configuration.maxLag, partFrames: partFrames, format: format, radio: radio)
    return EditionBuilder(
      stream: configuration.stream, partFrames: partFrames, capacity: layout.segmentCapacity, broadcast: endless,
      for: audience)
  }
}
