import Audio
import Core
import HLS
import Logging
import System

/// One run of a stream: source → encoder → segmenter → ring, all on the capture thread. It waits for nothing but the
/// source.
///
/// Unchecked: it is made on one thread and from then on belongs to the capture thread alone.
final class CaptureLoop: @unchecked Sendable {
  private var source: any Source
  private let encoder: any Encoder
  private var ring: Ring
  private var maker: EditionBuilder
  private let grid: Grid
  private let packaging: SegmentPackaging
  private let restored: Restored
  private let partFrames: Int
  private let chunkFrames: Int
  private let promptFrames: Int
  private let shelf: LatestEdition
  private let files: FolderWriter
  private var box: CrashMemory?
  private let titles: NowPlayingMailbox
  private let health: SourceHealth
  private let production: EncodingStatistics
  private let log: Log

  private var meter: LevelMeter
  /// Dates the sound; none before the first.
  private var clock: StreamClock?
  /// Frames of PCM read from the source, and when the last of them came, in monotonic nanoseconds.
  private var recorded = 0
  private var recordedAt = 0
  /// Nanoseconds that encoding took.
  private var encoding = 0
  private var history = NowPlayingHistory()
  private var segmenter: Segmenter?
  /// What the encoder has handed out and the segmenter has not got yet.
  private var bytes: [UInt8] = []
  /// The frames up to which the segment at hand was sent on, to all, and to those who are sent it promptly.
  private var sent = 0
  private var sentPromptly = 0
  /// The latest edition staged.
  private var edition = 0

  /// - Parameters:
  ///   - partFrames: encoded frames a part.
  ///   - chunkFrames: encoded frames after which a growing segment is sent on.
  ///   - promptFrames: the same for those who want it promptly.
  init(
    source: any Source, encoder: any Encoder, grid: Grid, packaging: SegmentPackaging,
    partFrames: Int, chunkFrames: Int, promptFrames: Int,
    ring: Ring, restored: Restored, maker: EditionBuilder, shelf: LatestEdition, files: FolderWriter, box: CrashMemory?,
    titles: NowPlayingMailbox, health: SourceHealth, production: EncodingStatistics, log: Log
  ) {
    (self.source, self.grid, self.packaging, self.partFrames) = (source, grid, packaging, partFrames)
    (self.chunkFrames, self.promptFrames) = (chunkFrames, promptFrames)
    (self.ring, self.restored, self.maker) = (ring, restored, maker)
    (self.shelf, self.files, self.box, self.titles, self.health) = (shelf, files, box, titles, health)
    (self.production, self.log) = (production, log)
    meter = LevelMeter(format: source.format)
    self.encoder = encoder
  }

  /// Streams until the source ends or `stop` is raised; then publishes what is left.
  func run(stop: StopSignal) {
    if !ring.segments.isEmpty { publish(placeholder) }
    do {
      var block: [Int32] = []
      while true {
        let reading = try source.read(into: &block, stop: stop)
        guard reading != .end else { break }
        entitle()
        let frames = block.count / source.format.channels
        if reading == .filling { health.note(filled: frames) }
        date(frames)
        measure(block[...])
        try encode(block[...])
        shelf.move(to: position)
      }
    } catch {
      log.error("stream: \(error)")
    }
    do {
      try drain()
    } catch {
      log.error("stream: \(error)")
    }
    if !stop.isRaised {
      // ENDLIST only at the true end: a stream that is merely stopped goes on after the restart.
      ring.end()
      publish(segmenter?.recording ?? placeholder)
      log.info("stream: the input has ended after \(position / grid.sampleRate) s")
    }
    // No more sound will tell when the folder is overdue.
    files.settle(edition: edition, milliseconds: 100)
    shelf.move(to: .max)
  }

  /// Frames of PCM that the stream is long.
  private var position: Int { encoder.frames * grid.samplesPerFrame }

  /// Notes when `frames` of sound have come in. Segments that begin from now on are dated accordingly.
  private func date(_ frames: Int) {
    recorded += frames
    recordedAt = Clock.monotonic()
    let (now, rate) = (WallTime(microseconds: Clock.wall()), source.format.sampleRate)
    if clock == nil { clock = StreamClock(rate: rate, origin: now.advanced(samples: -recorded, rate: rate)) }
    let before = clock!.origin.microseconds
    clock!.observe(samples: recorded, at: now)
    let leap = clock!.origin.microseconds - before
    if abs(leap) > StreamClock.leap {
      log.warning("clock: it was set, or time has passed without sound; dates leap by \(leap / 1000) ms")
    }
    segmenter?.origin = origin
  }

  /// Wall-clock time of the first decoded sample: it is the encoder's delay, and the first sound comes that much later.
  private var origin: WallTime { clock!.origin.advanced(samples: -encoder.delay, rate: grid.sampleRate) }

  /// What has been said to play plays from the sound on that has just come in.
  private func entitle() {
    guard let playing = titles.take() else { return }
    history.set(playing, from: recorded * grid.sampleRate / source.format.sampleRate + encoder.delay)
    dateTitles()
  }

  private func dateTitles() {
    if let segmenter { history.date(by: segmenter.date(of:)) }
  }

  private func measure(_ block: ArraySlice<Int32>) {
    guard meter.observe(block) else { return }
    health.note(SourceHealth.Measured(levels: meter.levels, clipped: meter.clipped, drift: clock?.partsPerMillion))
  }

  private func encode(_ block: ArraySlice<Int32>) throws(EncoderError) {
    var rest = block
    let largest = encoder.largestBlock * source.format.channels
    while !rest.isEmpty {
      let piece = rest.prefix(largest)
      rest = rest.dropFirst(piece.count)
      let began = Clock.monotonic()
      try encoder.encode(piece, into: &bytes)
      encoding += Clock.monotonic() - began
      try deliver()
    }
  }

  /// Passes on what the encoder has finished: a chunk, a part or a segment.
  private func deliver() throws(EncoderError) {
    begin()
    guard let segmenter else { return }
    if encoder.frames == segmenter.nextCut { return try cut() }
    let isChunkDue = encoder.frames - sent >= chunkFrames
    let isDue = isChunkDue || encoder.frames - sentPromptly >= promptFrames
    if encoder.frames == segmenter.nextPart {
      try encoder.closeSegment(into: &bytes)
      hand()
      self.segmenter?.closePart(at: encoder.frames)
      publish(self.segmenter!.recording)
    } else if isDue {
      hand()
      maker.grow(self.segmenter!.recording)
    }
    // Not with each part: what costs is how often it is sent on, and a part comes between two chunks.
    if isDue {
      shelf.grown(isChunk: isChunkDue)
      sentPromptly = encoder.frames
    }
    if isChunkDue {
      sent = encoder.frames
      measureLatency()
    }
  }

  /// What has just been published ends with a sample that was captured some time ago: less the encoder's delay, it is as
  /// far into what is recorded as the stream is long.
  private func measureLatency() {
    let position = Double(position - encoder.delay) / Double(grid.sampleRate)
    let age = Double(recorded) / Double(source.format.sampleRate) - position
    let since = Double(Clock.monotonic() - recordedAt) / 1e9
    production.published(
      sound: Double(self.position) / Double(grid.sampleRate), encoding: Double(encoding) / 1e9, latency: age + since)
  }

  private func hand() {
    segmenter?.append(bytes)
    bytes.removeAll(keepingCapacity: true)
    if let open = segmenter?.recording { note(open) }
  }

  /// Before it is published: a restart must know of it.
  private func note(_ open: RecordingSegment) {
    do throws(FileError) {
      try box?.note(open)
    } catch {
      log.warning("memory: \(error); after a kill the ring begins anew")
      box?.remove()
      box = nil
    }
  }

  /// Sound stays in the encoder's window until as much silence is pushed after it.
  private func drain() throws(EncoderError) {
    guard segmenter != nil else { return }
    let silence = [Int32](repeating: 0, count: encoder.largestBlock * source.format.channels)
    let end = encoder.framesForInput
    while encoder.frames < end { try encode(silence[...]) }
    try cut()
  }

  private func cut() throws(EncoderError) {
    try encoder.closeSegment(into: &bytes)
    hand()
    (sent, sentPromptly) = (encoder.frames, encoder.frames)
    guard let segment = segmenter?.cut(at: encoder.frames) else { return }
    ring.append(segment)
    log.debug("segment \(segment.sequence): \(segment.samples) samples, \(segment.bytes.count) bytes")
    publish(segmenter!.recording)
  }

  private func publish(_ open: RecordingSegment) {
    dateTitles()
    // Of an earlier run nothing is known.
    history.forget(before: ring.listed.first?.parts.first?.start ?? 0)
    let (made, completed) = maker.edition(ring, open, history)
    edition = made.number
    shelf.stage(made, completed: completed, position: position)
    files.want(ring, edition: edition)
  }

  /// Begins at the first sound, for only then its time is known.
  private func begin() {
    guard segmenter == nil else { return }
    segmenter = Segmenter(
      grid: grid, packaging: packaging, partFrames: partFrames, origin: origin, sequence: restored.nextSequence,
      discontinuity: restored.continues)
    publish(segmenter!.recording)
  }

  /// The first segment before its first sound: nothing but its number is known.
  private var placeholder: RecordingSegment {
    RecordingSegment(
      SegmentStart(
        sequence: restored.nextSequence, packaging: packaging, sampleRate: grid.sampleRate,
        date: ring.segments.last?.end ?? WallTime(microseconds: Clock.wall()), discontinuity: restored.continues))
  }
}
