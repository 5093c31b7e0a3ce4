import Audio
import Codec
import Core
import Logging
import System

/// The capture thread's work: reads the source, encodes its sound, and performs the actions of the pipeline. The loop waits
/// for nothing but the source.
///
/// Unchecked: the loop is made on one thread and belongs to the capture thread alone from then on.
final class CaptureLoop: @unchecked Sendable {
  private var source: any Source
  private let encoder: any Encoder
  private var pipeline: StreamPipeline
  private var publisher: StreamPublisher
  private let shared: SharedStreamState
  private let tap: StreamTap
  private let log: Log
  private var meter: LevelMeter
  /// Finds a peak for each encoded frame.
  private var peaks: PeakMeter
  /// The encoded frames of the longest segment, of 30 seconds, and of the encoder's delay.
  private static let mostSlices = 1300
  /// The time that encoding has taken since the start.
  private var encodingTime = Duration.zero

  init(
    source: any Source, encoder: any Encoder, pipeline: StreamPipeline, publisher: StreamPublisher,
    shared: SharedStreamState, tap: StreamTap, log: Log
  ) {
    self.source = source
    self.encoder = encoder
    self.pipeline = pipeline
    self.publisher = publisher
    self.shared = shared
    self.tap = tap
    self.log = log
    meter = LevelMeter(format: source.format)
    peaks = PeakMeter(
      channels: source.format.channels, inputRate: source.format.sampleRate,
      samplesPerSlice: encoder.rendition.codec.samplesPerFrame, sampleRate: encoder.rendition.sampleRate,
      delay: encoder.delay, capacity: Self.mostSlices)
  }

  /// Streams until the source ends, something fails for good, or `stop` is raised; then publishes the sound that is left.
  func run(stop: StopSignal) -> StreamEnd {
    var end = StreamEnd.ended
    do {
      try perform(pipeline.begin(at: .now))
      var block: [Int32] = []
      while true {
        let reading = try source.read(into: &block, stop: stop)
        guard reading != .end else { break }
        if let playing = shared.nowPlaying.take() {
          pipeline.play(playing)
          tap.play(playing)
        }
        tap.put(block, source.format, hasSound: reading == .sound || shared.source.hasFallbackSound)
        let frames = block.count / source.format.channels
        if reading == .filling { shared.source.note(filled: frames) }
        let instant = MonotonicTime.now
        try perform(pipeline.captured(frames: frames, at: .now, instant))
        if let edge = pipeline.edge { shared.edge.note(edge, at: instant) }
        measure(block[...])
        try encode(block[...])
        publisher.advance(to: pipeline.position)
      }
    } catch {
      log.error("stream: \(error)")
      end = .failed
    }
    tap.end()
    do {
      try drain()
    } catch {
      log.error("stream: \(error)")
      end = .failed
    }
    if stop.isRaised { end = stop.isForGood ? .ended : .stopped }
    // The playlists end only if the input does: a stream that is stopped or fails goes on after the restart.
    if end == .ended { publishEnd() }
    publisher.finish()
    return end
  }

  private func perform(_ action: StreamPipeline.Action?) throws(EncoderError) {
    switch action {
    case .close(let boundary):
      try encoder.closeSegment(into: &pipeline.pending)
      try perform(pipeline.closed(boundary, frames: encoder.frames))
    case .grow(let segment, let recipients):
      publisher.grow(segment, for: recipients)
      if recipients == .all { noteLatency() }
    case .publish(var publication):
      if publication.completed != nil { publication.peaks = peaks.take(through: encoder.frames) }
      publisher.publish(publication, position: pipeline.position)
      if publication.recipients == .all { noteLatency() }
    case .datesLeap(let span):
      log.warning("clock: it was set, or time has passed without sound; dates leap by \(span.milliseconds) ms")
    case nil: break
    }
  }

  private func measure(_ block: ArraySlice<Int32>) {
    guard meter.observe(block) else { return }
    shared.source.note(
      SourceHealth.Measured(levels: meter.levels, clipped: meter.clipped, drift: pipeline.drift))
  }

  private func encode(_ block: ArraySlice<Int32>) throws(EncoderError) {
    var rest = block
    let largest = encoder.largestBlock * source.format.channels
    while !rest.isEmpty {
      let piece = rest.prefix(largest)
      rest = rest.dropFirst(piece.count)
      peaks.observe(piece)
      let start = MonotonicTime.now
      try encoder.encode(piece, into: &pipeline.pending)
      encodingTime += MonotonicTime.now - start
      try perform(pipeline.encoded(frames: encoder.frames))
    }
  }

  private func noteLatency() {
    shared.encoding.published(
      sound: pipeline.length, encoding: encodingTime, latency: pipeline.latency(at: .now))
  }

  /// Sound stays in the encoder's window until as much silence is pushed after it.
  private func drain() throws(EncoderError) {
    guard pipeline.isRecording else { return }
    let silence = [Int32](repeating: 0, count: encoder.largestBlock * source.format.channels)
    let end = encoder.framesForInput
    while encoder.frames < end { try encode(silence[...]) }
    try perform(pipeline.drained())
  }

  private func publishEnd() {
    publisher.publish(pipeline.end(at: .now), position: pipeline.position)
    log.info("stream: the input has ended after \(pipeline.length.components.seconds) s")
  }
}
