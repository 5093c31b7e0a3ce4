import Codec
package import Core

/// What a restart finds of the runs before: the part of the ring that can be listed again, and the numbers that go on.
package struct Restored: Equatable, Sendable {
  /// A segment as far as it was served.
  package struct Served: Equatable, Sendable {
    package let bytes: [UInt8]
    /// Wall-clock time of its first sample.
    package let date: WallTime

    package init(bytes: [UInt8], date: WallTime) {
      (self.bytes, self.date) = (bytes, date)
    }
  }

  /// Where the last number is not known, it is no more than so many ahead of the last that is: an hour of the shortest
  /// segments.
  package static let unknown = 7200

  /// Consecutive, ending with the last segment of the run before; empty where nothing can be listed again.
  package var segments: [Segment] = []
  /// The number of the next segment: higher than any that was ever used.
  package var nextSequence: Int
  /// Discontinuities before the first of `segments`, or before the next segment where there are none.
  package var discontinuitySequence = 0
  /// Whether there was a run before, so that what comes next does not go on from it.
  package var continues = false
  /// What was passed over and why, a line each.
  package var complaints: [String] = []

  /// - Parameters:
  ///   - playlist: as it was read back from the folder; nil where it is missing or damaged.
  ///   - files: the bytes of each `<media sequence>.mp3` there.
  ///   - served: the newest segments of a run that was killed, which `files` may lack. Their numbers are used up: what is
  ///     whole of them is a segment.
  ///   - isComplete: whether nothing else was served. It is not known after a power cut.
  ///   - targetDuration: of the run to come, in seconds: it must not change within one playlist.
  ///   - now: wall-clock time.
  package init(
    playlist: Playlist?, files: [Int: [UInt8]], served: [Int: Served] = [:], isComplete: Bool = true,
    targetDuration: Int, now: WallTime
  ) {
    nextSequence = Self.firstSequence(at: now)
    let recovered = served.mapValues(\.bytes).filter { TimestampTag($0.value) != nil }
      .mapValues { Array($0[..<FrameRun.end(in: $0, from: TimestampTag.length)]) }
    let files = files.merging(recovered) { complete, _ in complete }
    for (sequence, bytes) in files.sorted(by: { $0.key < $1.key }) where TimestampTag(bytes) == nil {
      complaints.append("\(sequence).mp3 does not start with a timestamp tag")
    }
    let ours = files.filter { TimestampTag($0.value) != nil }
    let used = Set(ours.keys).union(served.keys)
    if let highest = [used.max(), playlist?.entries.last?.sequence].compactMap(\.self).max() {
      continues = true
      nextSequence = max(nextSequence, highest + (isComplete ? 1 : Self.unknown))
    }
    guard let playlist else { return }

    discontinuitySequence = playlist.discontinuitySequence
    for entry in playlist.entries {
      if let segment = restore(entry, ours[entry.sequence]) {
        segments.append(segment)
      } else {
        passOver(through: entry)
      }
    }
    // A file that was renamed when the process died, before the playlist could name it.
    while let last = segments.last, let bytes = ours[last.sequence + 1],
      let segment = Self.segment(bytes, after: last, date: served[last.sequence + 1]?.date)
    {
      segments.append(segment)
    }
    if playlist.targetDuration != targetDuration, !segments.isEmpty {
      complaints.append("its target duration is \(playlist.targetDuration) s and now \(targetDuration) s")
      discontinuitySequence += segments.count(where: \.discontinuity)
      segments = []
    }
    guard let last = segments.last else { return }
    if isComplete, last.sequence >= used.max() ?? 0 {
      nextSequence = last.sequence + 1
    } else {
      // The numbers of a playlist have no holes: the next segment could not follow.
      complaints.append(
        isComplete
          ? "\(last.sequence + 1).mp3 is missing or has no frames, and was used"
          : "the run before was cut off with the machine, and what it served last is not known")
      discontinuitySequence += segments.count(where: \.discontinuity)
      segments = []
    }
  }

  /// The first number where none is known: half seconds since 2020. No segment is shorter than that, so that a stream
  /// which began like this never runs ahead of it.
  package static func firstSequence(at now: WallTime) -> Int {
    max(1, (now.microseconds - 1_577_836_800_000_000) / 500_000)
  }

  private mutating func restore(_ entry: Playlist.Entry, _ bytes: [UInt8]?) -> Segment? {
    func passedOver(_ reason: String) -> Segment? {
      complaints.append("\(entry.sequence).mp3 \(reason)")
      return nil
    }
    guard let bytes else { return passedOver("is missing") }
    guard let run = FrameRun(bytes, from: TimestampTag.length) else { return passedOver("is damaged") }
    let segment = Segment(
      sequence: entry.sequence, bytes: bytes, samples: run.frames * FrameHeader.samplesPerFrame,
      sampleRate: run.sampleRate, date: entry.date, discontinuity: entry.discontinuity)
    guard segment.entry.duration == entry.duration else { return passedOver("is not as long as the playlist says") }
    return segment
  }

  /// Nothing up to `entry` can be listed, because the numbers after it would not be its successors.
  private mutating func passOver(through entry: Playlist.Entry) {
    discontinuitySequence += segments.count(where: \.discontinuity) + (entry.discontinuity ? 1 : 0)
    segments = []
  }

  private static func segment(_ bytes: [UInt8], after last: Segment, date: WallTime?) -> Segment? {
    guard let tag = TimestampTag(bytes), let before = TimestampTag(last.bytes),
      let run = FrameRun(bytes, from: TimestampTag.length)
    else { return nil }
    // Rounded down at both ends: a tick of difference is none.
    let expected = before.timestamp + UInt64(last.samples * 90_000 / last.sampleRate)
    let goesOn = run.sampleRate == last.sampleRate && (tag.timestamp &- expected &+ 1) & 0x1_FFFF_FFFF <= 2
    return Segment(
      sequence: last.sequence + 1, bytes: bytes, samples: run.frames * FrameHeader.samplesPerFrame,
      sampleRate: run.sampleRate, date: date ?? last.end, discontinuity: !goesOn)
  }
}
