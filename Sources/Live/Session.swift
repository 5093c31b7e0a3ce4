import Audio
import HLS

/// One run of a stream: source → encoder → segmenter → ring, all on the capture thread. It waits for nothing but the
/// source.
///
/// Unchecked: it is made on one thread and from then on belongs to the capture thread alone.
final class Session: @unchecked Sendable {
  private var source: any Source
  private var encoder: Encoder
  private var ring: Ring
  private let grid: Grid
  private let restored: Restored
  private let shelf: Shelf
  private let files: SegmentFiles
  private let log: Log

  private var segmenter: Segmenter?
  private var bytes: [UInt8] = []
  /// The latest edition staged.
  private var edition = 0

  init(
    source: any Source, encoder: consuming Encoder, grid: Grid, ring: Ring, restored: Restored, shelf: Shelf,
    files: SegmentFiles, log: Log
  ) {
    (self.source, self.grid, self.ring, self.restored) = (source, grid, ring, restored)
    (self.shelf, self.files, self.log) = (shelf, files, log)
    self.encoder = encoder
  }

  /// Streams until the source ends or `stop` is raised; then publishes what is left.
  func run(stop: StopSignal) {
    do {
      var block: [Int32] = []
      while try source.read(into: &block, stop: stop) {
        try encode(block[...])
        shelf.showOverdue(at: position)
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
      publish()
      log.info("stream: the input has ended after \(position / grid.sampleRate) s")
    }
    // No more sound will tell when the folder is overdue.
    files.settle(edition: edition, milliseconds: 100)
    shelf.showOverdue(at: .max)
  }

  /// Frames of PCM that the stream is long.
  private var position: Int { encoder.frames * FrameHeader.samplesPerFrame }

  private func encode(_ block: ArraySlice<Int32>) throws(EncoderError) {
    var rest = block
    let largest = encoder.largestBlock * source.format.channels
    while !rest.isEmpty {
      let piece = rest.prefix(largest)
      rest = rest.dropFirst(piece.count)
      try encoder.encode(piece, into: &bytes)
      if encoder.frames == current.nextCut { try cut() }
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
    try encoder.close(into: &bytes)
    segmenter?.append(bytes)
    bytes.removeAll(keepingCapacity: true)
    guard let segment = segmenter?.cut(at: encoder.frames) else { return }
    ring.append(segment)
    log.debug("segment \(segment.sequence): \(segment.samples) samples, \(segment.bytes.count) bytes")
    publish()
  }

  private func publish() {
    edition = shelf.stage(ring, position: position)
    files.want(ring, edition: edition)
  }

  /// Made at the first sound, for only then its time is known.
  private var current: Segmenter {
    if let segmenter { return segmenter }
    // What is decoded first is the encoder's delay, and the first sound comes that much later.
    let origin = WallTime(microseconds: source.startTime).advanced(samples: -MP3Format.delay, rate: grid.sampleRate)
    let made = Segmenter(
      grid: grid, origin: origin, sequence: restored.nextSequence, discontinuity: restored.continues)
    segmenter = made
    return made
  }
}
