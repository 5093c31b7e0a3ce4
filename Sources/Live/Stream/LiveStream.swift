import Audio
import Codec
import Core
import HLS
import HTTP
import Logging
import System

/// A stream with a name: its source, its ring, its folder, and what is told of it.
final class LiveStream: Sendable {
  let name: String
  let shelf: LatestEdition
  /// Where it is said what plays.
  let titles: NowPlayingMailbox
  /// How long a request may be held, in nanoseconds: three target durations.
  let patience: Int
  private let audience: Audience
  private let facts: [(String, JSON)]
  /// Whether the source gives sound at its own pace whatever happens.
  private let isPaced: Bool
  /// The page's line where nothing is wrong.
  private let notice: String?
  private let health: SourceHealth
  private let production: EncodingStatistics
  private let kind: String
  /// Of the source.
  private let sampleRate: Int
  private let traces: StreamFolder.Traces
  private let files: FolderWriter
  private let metadataFile: NowPlayingFile?
  private let stopSignal = StopSignal()
  private let ended = Semaphore()

  /// Opens the source, restores the ring, and gets ready; nothing is recorded yet.
  /// - Parameters:
  ///   - onChange: called on any thread, often, when listeners can get more than before; it must not wait.
  ///   - onEnd: called on the capture thread when the input has ended by itself.
  static func start(
    _ configuration: Configuration, for audience: Audience, log: Log,
    onChange: @escaping @Sendable (PublishEvents) -> Void, onEnd: @escaping @Sendable () -> Void
  ) throws -> LiveStream {
    let health = SourceHealth(configuration, log: log)
    let opened = try SourceOpener(configuration) { health.report($0) }
    if let notice = opened.notice { log.warning("\(notice) (\(opened.reason ?? ""))") }
    log.info("source: \(opened.source.summary)")

    let input = opened.source.format
    let output = Rendition(
      codec: .mp3, sampleRate: configuration.sampleRate ?? MP3Format.sampleRate(for: input.sampleRate),
      channels: configuration.channels ?? input.channels, kilobitsPerSecond: configuration.bitrate)
    let packaging = SegmentPackaging.packedAudio(output.codec)
    try configuration.check(sampleRate: output.sampleRate)
    let encoder = try MP3Encoder(input: input, output: output)

    let grid = Grid(
      codec: output.codec, sampleRate: output.sampleRate, target: .microseconds(configuration.segmentLength))
    let folder = try StreamFolder(
      directory: configuration.soundDirectory, stream: configuration.stream, packaging: packaging, log: log)
    let restored = folder.restore(targetDuration: grid.targetDuration, log: log)
    var ring = Ring(
      capacity: configuration.ringSize, targetDuration: grid.targetDuration,
      discontinuitySequence: restored.discontinuitySequence)
    for segment in restored.segments { ring.append(segment) }

    let partFrames = grid.frames(in: .microseconds(configuration.partLength))
    let shelf = LatestEdition(patience: output.sampleRate / 10, onChange: onChange)
    let icy = ICYMetadata(stream: configuration.stream, rendition: output, for: audience) { [weak shelf] sample in
      shelf?.edition?.history.playing(at: sample).line ?? ""
    }
    let endless = EndlessStream(
      burst: .microseconds(configuration.burst), lag: .microseconds(configuration.maxLag), partFrames: partFrames,
      rendition: output, icy: icy)
    let maker = EditionBuilder(
      stream: configuration.stream, partFrames: partFrames,
      // A frame more than the longest, for the bytes of one that the encoder has not finished.
      capacity: packaging.preambleLength + (grid.longestFrames + 1) * output.longestFrame, endless: endless,
      for: audience)
    let files = folder.writer(log: log) { shelf.stored(through: $0) }
    let (titles, production) = (NowPlayingMailbox(), EncodingStatistics())
    let session = CaptureLoop(
      source: opened.source, encoder: encoder, grid: grid, packaging: packaging, partFrames: partFrames,
      chunkFrames: grid.frames(in: .microseconds(configuration.chunkLength)),
      promptFrames: grid.frames(in: .microseconds(configuration.promptChunkLength)), ring: ring, restored: restored,
      maker: maker,
      shelf: shelf, files: files, box: folder.box, titles: titles, health: health, production: production, log: log)
    let stream = LiveStream(
      name: configuration.stream, shelf: shelf, titles: titles, traces: folder.traces, files: files,
      patience: 3 * grid.targetDuration * 1_000_000_000, audience: audience,
      facts: facts(configuration, opened, output), kind: opened.kind, sampleRate: input.sampleRate,
      isPaced: configuration.source != .standardInput, notice: opened.notice, health: health, production: production,
      metadataFile: configuration.metadataFile.map { NowPlayingFile($0, for: titles, log: log) })
    let (stopSignal, ended) = (stream.stopSignal, stream.ended)
    NamedThread(name: "capture") {
      session.run(stop: stopSignal)
      ended.post()
      if !stopSignal.isRaised { onEnd() }
    }.detach()
    return stream
  }

  private init(
    name: String, shelf: LatestEdition, titles: NowPlayingMailbox, traces: StreamFolder.Traces, files: FolderWriter,
    patience: Int,
    audience: Audience, facts: [(String, JSON)], kind: String, sampleRate: Int, isPaced: Bool, notice: String?,
    health: SourceHealth, production: EncodingStatistics, metadataFile: NowPlayingFile?
  ) {
    (self.name, self.shelf, self.titles, self.traces, self.files) = (name, shelf, titles, traces, files)
    (self.patience, self.audience, self.metadataFile) = (patience, audience, metadataFile)
    (self.facts, self.kind, self.sampleRate, self.isPaced) = (facts, kind, sampleRate, isPaced)
    (self.notice, self.health, self.production) = (notice, health, production)
  }

  /// Stops the capture, publishes what is encoded and leaves the folder valid; within one and a half seconds, whatever
  /// hangs.
  func stop() {
    stopSignal.raise()
    metadataFile?.stop()
    let hasEnded = ended.wait(milliseconds: 1000)
    let isStored = files.stop(milliseconds: 500)
    if hasEnded, isStored { traces.remove() }
  }

  /// Counts up while sound comes in; nil where there may be none for a while.
  var progress: Int? { isPaced && shelf.edition?.ended != true ? shelf.position : nil }

  /// What the page is told, with the server's clock so that it can tell how far its own is off.
  /// - Parameter headers: that go with it.
  func description(headers: [(name: String, value: String)] = []) -> Representation {
    let now = WallTime(microseconds: Clock.wall())
    return .news(
      .object(state + [("now", .string(now.text))]), at: now,
      cacheControl: audience.caches == .all ? audience.anew(sharedFor: 1) : "no-store",
      headers: audience.headers + headers)
  }

  var figures: StreamFigures {
    let source = health.figures
    return StreamFigures(
      kind: kind, source: source, filled: Double(source.filled) / Double(sampleRate), production: production.figures,
      ring: shelf.edition?.ringFigures ?? RingFigures(), disk: files.figures)
  }

  /// What is told of it to whoever may listen.
  var state: [(String, JSON)] {
    let notice = (health.notice ?? notice).map { JSON.string($0) } ?? .null
    return facts + [("notice", notice)] + health.facts + [("ended", .bool(shelf.edition?.ended ?? false))]
  }

  private static func facts(
    _ configuration: Configuration, _ opened: SourceOpener, _ output: Rendition
  ) -> [(String, JSON)] {
    [
      ("stream", .string(configuration.stream)),
      ("source", .string(opened.kind)),
      ("bitrate", .number(output.bitsPerSecond)),
      ("sampleRate", .number(output.sampleRate)),
      ("channels", .number(output.channels)),
      ("segmentLength", .decimal(Configuration.seconds(configuration.segmentLength))),
      ("ringSize", .number(configuration.ringSize)),
      ("partLength", .decimal(Configuration.seconds(configuration.partLength))),
      ("chunkLength", .decimal(Configuration.seconds(configuration.chunkLength))),
      ("promptChunkLength", .decimal(Configuration.seconds(configuration.promptChunkLength))),
      ("version", .string(Configuration.version)),
    ]
  }
}
