import Codec
import Core
import HLS
import Testing

/// A stream in fast time, from the encoder's frame counts to its playlists; mostly without the frames themselves.
@Suite struct MonthTests {
  private struct Stream {
    static let start = WallTime(microseconds: 1_790_000_000_000_000)
    private(set) var segmenter: Segmenter
    private(set) var ring: Ring
    private var clock: StreamClock
    private var rules = PlaylistRules()
    private let rate: Int
    private let partFrames: Int
    /// How much faster than the wall clock the card is.
    private let partsPerMillion: Int
    private let frame: [UInt8]
    private(set) var frames = 0

    init(
      rate: Int = 48_000, target: Int, sequence: Int, capacity: Int = 10, partFrames: Int, partsPerMillion: Int = 0,
      frame: [UInt8] = []
    ) {
      let grid = Grid(sampleRate: rate, target: target)
      segmenter = Segmenter(
        grid: grid, partFrames: partFrames, origin: Self.start, sequence: sequence, discontinuity: true)
      ring = Ring(capacity: capacity, targetDuration: grid.targetDuration)
      clock = StreamClock(rate: rate, origin: Self.start)
      (self.rate, self.partFrames, self.partsPerMillion, self.frame) = (rate, partFrames, partsPerMillion, frame)
    }

    var samples: Int { frames * AudioCodec.mp3.samplesPerFrame }

    /// By the wall clock, which has gone on by so much when the card has given all that.
    var now: WallTime {
      let time = Self.start.advanced(samples: samples, rate: rate)
      return WallTime(microseconds: time.microseconds - samples / rate * partsPerMillion)
    }

    /// Records to the end of the segment at hand.
    /// - Returns: what is not as it has to be.
    mutating func next() -> [String] {
      let before = ring.segments.last
      while true {
        let end = segmenter.nextPart
        if !frame.isEmpty { segmenter.append((frames..<end).flatMap { _ in frame }) }
        frames = end
        if end == segmenter.nextCut { break }
        segmenter.closePart(at: end)
      }
      clock.observe(samples: samples, at: now)
      segmenter.origin = clock.origin
      guard let segment = segmenter.cut(at: frames) else { return ["no segment at frame \(frames)"] }
      ring.append(segment)
      var broken = rules.broken(by: ring.playlist)
      if let before, let tag = TimestampTag(segment.bytes), let last = TimestampTag(before.bytes) {
        let ticks = (tag.timestamp &- last.timestamp) & 0x1_FFFF_FFFF
        let exact = Double(before.samples) * 90_000 / Double(rate)
        if abs(Double(ticks) - exact) >= 1 { broken.append("\(segment.sequence) is \(ticks) ticks on") }
      }
      // By its date it ends now.
      let late = segment.end.microseconds - now.microseconds
      if abs(late) > 10_000 { broken.append("the date of \(segment.sequence) is \(late) µs off") }
      let parts = segment.parts.reduce(0) { $0 + $1.samples }
      if parts != segment.samples { broken.append("the parts of \(segment.sequence) last \(parts) samples") }
      return broken
    }

    /// The content of the texts, which costs more than the numbers in them.
    func brokenTexts() throws -> [String] {
      var broken: [String] = []
      let read = try Playlist(text: ring.playlist.text())
      if read.entries.map(\.sequence) != ring.listed.map(\.sequence) { broken.append("the playlist's numbers") }
      let text = LowLatencyPlaylist(ring: ring, recording: segmenter.recording, partFrames: partFrames).text(
        folder: "live/")
      let last = ring.listed.last!
      for line in [
        "#EXT-X-MEDIA-SEQUENCE:\(ring.listed.first!.sequence)", "live/\(last.name)",
        "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"live/\(last.sequence + 1).0.mp3\"",
      ] where !text.contains("\n\(line)\n") { broken.append("no line \(line)") }
      if text.contains("DURATION=-") { broken.append("a negative duration") }
      return broken
    }
  }

  /// 12.4 and 24.8 hours on there are 2^31 and 2^32 samples, 26.5 hours on the timestamps wrap, for the first of 27 times.
  @Test func `a month in one piece breaks no rule, from one playlist to the next`() throws {
    var stream = Stream(target: 30_000_000, sequence: 437_000_000, capacity: 4, partFrames: 1250, partsPerMillion: 10)
    var wraps = 0
    for index in 0..<86_400 {
      let before = TimestampTag(stream.segmenter.recording.bytes)!.timestamp
      let broken = stream.next()
      #expect(broken.isEmpty)
      if !broken.isEmpty { return }
      let isWrap = TimestampTag(stream.segmenter.recording.bytes)!.timestamp < before
      if isWrap { wraps += 1 }
      if isWrap || index % 1000 == 0 { #expect(try stream.brokenTexts().isEmpty) }
    }
    #expect(stream.samples > 29 * 86_400 * 48_000)
    #expect(wraps == 27)
  }

  @Test(arguments: [1_000_000_000, 1 << 31, 1 << 32, 10_000_000_000], [32_000, 44_100, 48_000])
  func `no length of its number is too much for a playlist`(sequence: Int, rate: Int) throws {
    var stream = Stream(rate: rate, target: 2_000_000, sequence: sequence - 20, partFrames: 14)
    for _ in 0..<40 {
      #expect(stream.next().isEmpty)
      #expect(try stream.brokenTexts().isEmpty)
    }
    #expect(stream.ring.segments.last?.sequence == sequence + 19)
    let reload = try #require(try BlockingReload(query: [("_HLS_msn", "\(sequence + 20)"), ("_HLS_part", "0")]))
    let playlist = LowLatencyPlaylist(ring: stream.ring, recording: stream.segmenter.recording, partFrames: 14)
    #expect(reload.verdict(playlist.progress, advancePartLimit: playlist.advancePartLimit) == .hold)
    #expect(SegmentName("\(sequence).mp3", of: .mp3)?.sequence == sequence)
    #expect(SegmentName("\(sequence).3.mp3", of: .mp3)?.sequence == sequence)
  }

  @Test(arguments: [1_000_000_000, 1 << 32, 10_000_000_000])
  func `a run with such numbers is taken up again`(sequence: Int) throws {
    var stream = Stream(target: 500_000, sequence: sequence - 5, partFrames: 14, frame: Frames.silence(1))
    for _ in 0..<10 { #expect(stream.next().isEmpty) }
    let restored = Restored(
      playlist: try Playlist(text: stream.ring.playlist.text()),
      files: Dictionary(uniqueKeysWithValues: stream.ring.listed.map { ($0.sequence, $0.bytes) }), targetDuration: 1,
      now: stream.now)
    #expect(restored.segments.map(\.bytes) == stream.ring.listed.map(\.bytes))
    #expect(restored.nextSequence == sequence + 5 && restored.complaints.isEmpty)
  }

  /// Killed in the segment after the wrap, before the playlist names the one before it.
  @Test func `a run that is killed as its timestamps wrap goes on without a discontinuity in what it had`() throws {
    let grid = Grid(sampleRate: 48_000, target: 2_000_000)
    // The cut after which 2^33 ticks of 90 kHz are over.
    let wrap = (1...).first { grid.boundary($0) * 1152 / 48_000 * 90_000 >= 1 << 33 }!
    let segments = (wrap - 5...wrap).map { index in
      Frames.segment(
        index, frames: grid.boundary(index + 1) - grid.boundary(index), start: grid.boundary(index))
    }
    let playlist = Playlist(
      targetDuration: 2, discontinuitySequence: 0, entries: segments.prefix(4).map(\.entry), ended: false)
    let served = Dictionary(
      uniqueKeysWithValues: segments.suffix(2).map { ($0.sequence, Restored.Served(bytes: $0.bytes, date: $0.date)) })
    let restored = Restored(
      playlist: playlist, files: Dictionary(uniqueKeysWithValues: segments.prefix(4).map { ($0.sequence, $0.bytes) }),
      served: served, targetDuration: 2, now: Stream.start)
    #expect(restored.segments.map(\.bytes) == segments.map(\.bytes))
    #expect(restored.segments.allSatisfy { !$0.discontinuity })
  }
}
