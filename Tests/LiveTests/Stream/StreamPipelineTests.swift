import Codec
import Core
import HLS
import System
import Testing

@testable import Live

/// A stream at 48 kHz with segments of 20 frames, parts of 6, chunks of 3, and every frame for those that ask for it.
@Suite struct StreamPipelineTests {
  private static let start = WallTime(microseconds: 1_790_000_000_000_000)
  /// Of the made-up encoder.
  private static let delay = 1105

  private static func layout(everyFrame: Int = 1) -> StreamLayout {
    StreamLayout(
      rendition: Rendition(codec: .mp3, sampleRate: 48_000, channels: 2, kilobitsPerSecond: 128),
      packaging: .packedAudio(.mp3), grid: Grid(codec: .mp3, sampleRate: 48_000, target: .milliseconds(480)),
      cadence: Cadence(part: 6, chunk: 3, everyFrame: everyFrame))
  }

  private static let frame = [0xFF, 0xFB, 0x94, 0x44] + [UInt8](repeating: 0, count: 380)

  /// The capture loop with a made-up encoder, which finishes a frame for each 1152 samples, and a made-up clock.
  private struct Loop {
    var pipeline: StreamPipeline
    /// Frames of PCM captured, and encoded frames.
    var captured = 0
    var frames = 0
    var wall = StreamPipelineTests.start
    var now = MonotonicTime(nanoseconds: 1_000_000_000)
    var actions: [String] = []
    var publications: [StreamPipeline.Publication] = []

    init(restored: Restored = .nothing, ring: Ring = Segments.emptyRing) {
      pipeline = StreamPipeline(
        StreamPipelineTests.layout(), sourceRate: 48_000, delay: StreamPipelineTests.delay, restored: restored,
        ring: ring
      )
    }

    /// Captures and encodes `count` blocks of one frame's length.
    mutating func run(frames count: Int) {
      for _ in 0..<count {
        pass()
        perform(pipeline.captured(frames: 1152, at: wall, now))
        pipeline.pending += StreamPipelineTests.frame
        frames += 1
        perform(pipeline.encoded(frames: frames))
      }
    }

    mutating func pass(frames: Int = 1) {
      captured += frames * 1152
      wall = wall.advanced(samples: frames * 1152, rate: 48_000)
      now = now + .samples(frames * 1152, rate: 48_000)
    }

    mutating func perform(_ action: StreamPipeline.Action?) {
      switch action {
      case .close(let boundary): perform(pipeline.closed(boundary, frames: frames))
      case .grow(let segment, let recipients):
        actions.append("\(frames): grow \(segment.sequence) to \(segment.bytes.count) for \(recipients)")
      case .publish(let publication): note(publication)
      case .datesLeap(let span): actions.append("\(frames): leap \(span.milliseconds) ms")
      case nil: break
      }
    }

    mutating func note(_ publication: StreamPipeline.Publication) {
      publications.append(publication)
      let segment = publication.recording
      var text = "\(frames): publish \(segment.sequence) with \(segment.parts.count) parts"
      if let completed = publication.completed { text += ", completes \(completed.sequence)" }
      if let recipients = publication.recipients { text += ", for \(recipients)" }
      actions.append(text)
    }
  }

  @Test func `before the first sound there is nothing to publish, and nothing to end`() {
    var loop = Loop()
    loop.perform(loop.pipeline.begin(at: Self.start))
    loop.perform(loop.pipeline.encoded(frames: 0))
    loop.perform(loop.pipeline.drained())
    #expect(loop.actions.isEmpty && !loop.pipeline.isRecording)
  }

  @Test func `the first sound dates the first segment, by the encoder's delay earlier`() throws {
    var loop = Loop()
    loop.run(frames: 1)
    #expect(loop.actions == ["0: publish 7 with 0 parts", "1: grow 7 to 457 for everyFrame"])
    let first = try #require(loop.publications.first?.recording)
    #expect(first.date == Self.start.advanced(samples: -Self.delay, rate: 48_000))
    #expect(!first.isStarted && !first.discontinuity)
  }

  @Test func `frames are sent one by one, in chunks and in parts, and make segments`() throws {
    var loop = Loop()
    loop.run(frames: 41)
    let tag = TimestampTag.length
    func grow(_ frames: Int, _ sequence: Int, _ held: Int, _ recipients: String) -> String {
      "\(frames): grow \(sequence) to \(tag + held * 384) for \(recipients)"
    }
    #expect(
      Array(loop.actions.prefix(24)) == [
        "0: publish 7 with 0 parts",
        grow(1, 7, 1, "everyFrame"), grow(2, 7, 2, "everyFrame"), grow(3, 7, 3, "all"),
        grow(4, 7, 4, "everyFrame"), grow(5, 7, 5, "everyFrame"), "6: publish 7 with 1 parts, for all",
        grow(7, 7, 7, "everyFrame"), grow(8, 7, 8, "everyFrame"), grow(9, 7, 9, "all"),
        grow(10, 7, 10, "everyFrame"), grow(11, 7, 11, "everyFrame"), "12: publish 7 with 2 parts, for all",
        grow(13, 7, 13, "everyFrame"), grow(14, 7, 14, "everyFrame"), grow(15, 7, 15, "all"),
        grow(16, 7, 16, "everyFrame"), grow(17, 7, 17, "everyFrame"), "18: publish 7 with 3 parts, for all",
        grow(19, 7, 19, "everyFrame"), "20: publish 8 with 0 parts, completes 7",
        grow(21, 8, 1, "everyFrame"), grow(22, 8, 2, "everyFrame"), grow(23, 8, 3, "all"),
      ])
    #expect(loop.actions.filter { $0.contains("completes") }.count == 2)
    let segments = try #require(loop.publications.last).ring.segments
    #expect(segments.map(\.sequence) == [7, 8] && segments.map(\.samples) == [20 * 1152, 20 * 1152])
    #expect(segments[0].parts.map(\.samples) == [6912, 6912, 6912, 2304])
    #expect(segments[1].date == segments[0].end)
    #expect(loop.pipeline.position == 41 * 1152 && loop.pipeline.pending.isEmpty)
  }

  @Test func `bytes stay pending until they are due`() {
    var pipeline = StreamPipeline(
      Self.layout(everyFrame: 3), sourceRate: 48_000, delay: Self.delay, restored: .nothing, ring: Segments.emptyRing)
    _ = pipeline.captured(frames: 1152, at: Self.start, MonotonicTime(nanoseconds: 0))
    pipeline.pending += Self.frame
    if case .some = pipeline.encoded(frames: 1) { #expect(Bool(false)) }
    #expect(pipeline.pending == Self.frame)
    pipeline.pending += Self.frame + Self.frame
    guard case .grow(let segment, .all) = pipeline.encoded(frames: 3) else { return #expect(Bool(false)) }
    #expect(segment.bytes.count == TimestampTag.length + 3 * 384 && pipeline.pending.isEmpty)
  }

  /// How far the titles' dates are from the capture of the sound after that many frames. The dates are microseconds,
  /// rounded down twice, so that they may be one too early.
  private func distances(_ history: NowPlayingHistory, to frames: [Int]) -> [Int] {
    #expect(history.dateRanges.count == frames.count)
    return zip(history.dateRanges, frames).map { range, frames in
      let distance = Self.start.advanced(samples: frames * 1152, rate: 48_000).microseconds - range.start.microseconds
      return (0...1).contains(distance) ? 0 : distance
    }
  }

  @Test func `a title plays from the sound on that is captured next, and gets that sound's date`() throws {
    var loop = Loop()
    let (bolero, valse) = (try NowPlaying(title: "Bolero", artist: nil), try NowPlaying(title: "La valse", artist: nil))
    loop.pipeline.play(bolero)
    loop.run(frames: 9)
    loop.pipeline.play(valse)
    loop.run(frames: 11)
    let history = try #require(loop.publications.last).history
    #expect(history.playing(at: 9 * 1152 + Self.delay - 1) == bolero)
    #expect(history.playing(at: 9 * 1152 + Self.delay) == valse)
    // The delay before the first sound and the delay of the encoder cancel out.
    #expect(distances(history, to: [0, 9]) == [0, 0])
  }

  @Test func `a title that comes after a segment's end is dated by the next segment`() throws {
    var loop = Loop()
    loop.run(frames: 20)
    loop.pipeline.play(try NowPlaying(title: "Bolero", artist: nil))
    loop.run(frames: 6)
    let history = try #require(loop.publications.last).history
    #expect(distances(history, to: [20]) == [0])
  }

  @Test func `a clock that was set is reported, and the next segment has the new dates`() throws {
    var loop = Loop()
    loop.run(frames: 50)
    loop.wall.microseconds += 3_600_000_000
    loop.run(frames: 200)
    #expect(loop.actions.filter { $0.contains("leap") }.map { $0.split(separator: ": ").last } == ["leap 3600000 ms"])
    let segments = try #require(loop.publications.last).ring.segments
    let gaps = zip(segments, segments.dropFirst()).map { $1.date.microseconds - $0.end.microseconds }
    #expect(gaps.filter { abs($0) > 1000 } == [3_600_000_000])
  }

  @Test func `after a clock that was set back the title is dated anew`() throws {
    var loop = Loop()
    loop.pipeline.play(try NowPlaying(title: "Bolero", artist: nil))
    loop.run(frames: 50)
    loop.wall.microseconds -= 3_600_000_000
    loop.run(frames: 200)
    let publication = try #require(loop.publications.last)
    let ranges = publication.history.dateRanges
    #expect(ranges.map(\.playing.title) == ["Bolero", "Bolero"])
    // From the first segment with a new date on.
    let segments = publication.ring.segments
    let first = try #require(zip(segments, segments.dropFirst()).first { $1.date < $0.date })
    #expect(ranges.last?.start == first.1.date)
  }

  @Test func `a source that ends publishes the rest of its sound and ends the playlists`() throws {
    var loop = Loop()
    loop.run(frames: 8)
    loop.perform(loop.pipeline.drained())
    #expect(loop.actions.last == "8: publish 8 with 0 parts, completes 7")
    #expect(!loop.publications.last!.ring.ended)
    loop.note(loop.pipeline.end(at: loop.wall))
    let last = try #require(loop.publications.last)
    #expect(last.ring.ended && last.recording.sequence == 8 && last.completed == nil)
    #expect(last.ring.segments.map(\.samples) == [8 * 1152])
    #expect(!loop.pipeline.isRecording)
    // Nothing that comes late begins the stream again.
    loop.run(frames: 30)
    #expect(loop.publications.count == 4)
  }

  @Test func `a source that ends without a sound ends the playlists too`() throws {
    var loop = Loop()
    loop.note(loop.pipeline.end(at: Self.start))
    let last = try #require(loop.publications.last)
    #expect(last.ring.ended && last.ring.segments.isEmpty && last.recording.sequence == 7)
  }

  @Test func `after a restart the old segments are listed before the first sound, and the new ones follow them`() throws
  {
    var restored = Restored.nothing
    restored.segments = [Segments.make(4), Segments.make(5)]
    restored.nextSequence = 6
    restored.continues = true
    var loop = Loop(restored: restored, ring: Segments.ring(4...5))
    loop.perform(loop.pipeline.begin(at: Self.start))
    let first = try #require(loop.publications.first)
    #expect(first.ring.segments.map(\.sequence) == [4, 5])
    #expect(first.recording.sequence == 6 && first.recording.discontinuity && first.recording.bytes.isEmpty)
    #expect(first.recording.date == Segments.make(5).end)
    loop.run(frames: 40)
    let segments = try #require(loop.publications.last).ring.segments
    #expect(segments.map(\.sequence) == [4, 5, 6, 7] && segments.map(\.discontinuity) == [false, false, true, false])
  }

  @Test func `the newest sample is as old as its way through the encoder`() {
    var loop = Loop()
    loop.run(frames: 10)
    // All that was captured is encoded, less the delay, and 3 ms have passed since.
    let delay = Duration.samples(Self.delay, rate: 48_000)
    let latency = loop.pipeline.latency(at: loop.now + .milliseconds(3))
    #expect((latency - delay - .milliseconds(3)).nanoseconds.magnitude <= 1)
  }

  /// Dates are rounded down to a microsecond, twice.
  private func expect(_ edge: LiveEdge.Position?, sample: Int, date: WallTime) throws {
    let edge = try #require(edge)
    #expect(edge.sample == sample && (-1...0).contains(edge.date.microseconds - date.microseconds))
  }

  @Test func `the newest sound that was captured is dated with its segment, and by the stream clock after the segment`()
    throws
  {
    var loop = Loop()
    #expect(loop.pipeline.edge == nil)
    loop.run(frames: 10)
    // The sound of 10 frames ends at the moment of its capture, and is decoded later by the encoder's delay.
    try expect(loop.pipeline.edge, sample: 10 * 1152 + Self.delay, date: loop.wall)
    // The edge is in the next segment, of which the segmenter has no date yet.
    loop.run(frames: 10)
    try expect(loop.pipeline.edge, sample: 20 * 1152 + Self.delay, date: loop.wall)
    _ = loop.pipeline.end(at: loop.wall)
    #expect(loop.pipeline.edge == nil)
  }

  @Test func `a source of another rate is counted in its own frames`() throws {
    var pipeline = StreamPipeline(
      Self.layout(), sourceRate: 96_000, delay: Self.delay, restored: .nothing, ring: Segments.emptyRing)
    let instant = MonotonicTime(nanoseconds: 0)
    _ = pipeline.captured(frames: 96_000, at: Self.start.advanced(samples: 1, rate: 1), instant)
    try expect(pipeline.edge, sample: 48_000 + Self.delay, date: Self.start.advanced(samples: 1, rate: 1))
    pipeline.play(try NowPlaying(title: "Bolero", artist: nil))
    let publication = pipeline.end(at: Self.start)
    #expect(publication.recording.date == Self.start.advanced(samples: -Self.delay, rate: 48_000))
    #expect(publication.history.playing(at: 48_000 + Self.delay).title == "Bolero")
    #expect(publication.history.playing(at: 48_000 + Self.delay - 1) == .nothing)
  }
}

extension Restored {
  /// A first run, whose numbers begin with 7.
  fileprivate static var nothing: Restored {
    var restored = Restored(
      Restored.Found(playlist: nil, files: [:]), packaging: .packedAudio(.mp3), targetDuration: 2,
      now: WallTime(microseconds: 0), newEra: .sample)
    restored.nextSequence = 7
    return restored
  }
}

extension Segments {
  fileprivate static var emptyRing: Ring { Ring(capacity: 10, targetDuration: 2) }
}
