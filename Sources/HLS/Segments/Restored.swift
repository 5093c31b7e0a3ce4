import Codec
package import Core

/// The remains of earlier runs after a restart: the part of the ring that can be listed again, and the numbers that go on.
package struct Restored: Equatable, Sendable {
  /// The bytes of a segment that listeners may have got.
  package struct Served: Equatable, Sendable {
    package let bytes: [UInt8]
    /// Wall-clock time of its first sample.
    package let date: WallTime

    package init(bytes: [UInt8], date: WallTime) {
      self.bytes = bytes
      self.date = date
    }
  }

  /// Everything that earlier runs have left.
  package struct Found: Sendable {
    /// The playlist of the folder; nil if it is missing or damaged.
    let playlist: Playlist?
    /// The bytes of each segment in the folder, by media sequence number.
    let files: [Int: [UInt8]]
    /// The newest segments of a run that was killed, which `files` may lack, by media sequence number.
    let served: [Int: Served]
    /// Whether nothing else was served.
    let isComplete: Bool
    /// The era of the numbers in the folder; nil if it is not known.
    let era: Era?

    /// - Parameters:
    ///   - playlist: nil if it is missing or damaged.
    ///   - files: the bytes of each segment in the folder, by media sequence number.
    ///   - served: the newest segments of a run that was killed, which `files` may lack, by media sequence number. The
    ///     numbers are used up, and the whole frames are a segment.
    ///   - isComplete: whether nothing else was served. It is not known after a power cut.
    ///   - era: of the numbers in the folder; nil if it is not known.
    package init(
      playlist: Playlist?, files: [Int: [UInt8]], served: [Int: Served] = [:], isComplete: Bool = true, era: Era? = nil
    ) {
      self.playlist = playlist
      self.files = files
      self.served = served
      self.isComplete = isComplete
      self.era = era
    }
  }

  /// How far the number of the next segment leaps where the last number is not known: an hour of the shortest segments.
  package static let unknown = 7200
  /// The highest number that is taken for one of ringcast's. It leaves room for a million years of segments, so that no later
  /// number has more digits than a name may have.
  package static let highest = 900_000_000_000_000
  /// The highest number of a file that no playlist names. It leaves as much room below `highest`.
  package static let highestUnlisted = 100_000_000_000_000

  /// Consecutive, ending with the last segment of the run before; empty where nothing can be listed again.
  package var segments: [Segment] = []
  /// The number of the next segment: higher than any that was ever used.
  package var nextSequence: Int
  /// The era of the segments to come, and of `segments`.
  package var era: Era
  /// Discontinuities before the first of `segments`, or before the next segment where there are none.
  package var discontinuitySequence = 0
  /// Whether there was a run before, so that the next segment does not continue from it.
  package var continues = false
  /// Each thing that was passed over and the reason, a line each.
  package var complaints: [String] = []
  private let packaging: SegmentPackaging

  /// - Parameters:
  ///   - packaging: of the segments that are found, and of the run to come.
  ///   - targetDuration: of the run to come, in seconds: it must not change within one playlist.
  ///   - now: wall-clock time.
  ///   - newEra: the era to come, if what is found does not prove which number was the last.
  package init(
    _ found: Found, packaging: SegmentPackaging, targetDuration: Int, now: WallTime, newEra: Era
  ) {
    self.packaging = packaging
    nextSequence = Self.firstSequence(at: now)
    era = newEra
    let (found, foreign) = found.withoutForeignNumbers()
    for sequence in foreign { complaints.append("\(name(sequence)) has a number that is none of ringcast's") }
    let recovered = found.served.mapValues(\.bytes).filter { packaging.timestamp(of: $0.value) != nil }
      .mapValues { Array($0[..<packaging.endOfWholeFrames(in: $0)]) }
    let files = found.files.merging(recovered) { complete, _ in complete }
    for (sequence, bytes) in files.sorted(by: { $0.key < $1.key }) where packaging.timestamp(of: bytes) == nil {
      complaints.append("\(name(sequence)) does not start with a timestamp tag")
    }
    let ours = files.filter { packaging.timestamp(of: $0.value) != nil }
    let used = Set(ours.keys).union(found.served.keys)
    if let highest = [used.max(), found.playlist?.entries.last?.sequence].compactMap(\.self).max() {
      continues = true
      nextSequence = max(nextSequence, highest + (found.isComplete ? 1 : Self.unknown))
      // The playlist names the last segment that was complete, and the crash memory the last one that had begun.
      let isLastKnown = found.isComplete && (found.playlist != nil || !found.served.isEmpty)
      if isLastKnown, let era = found.era { self.era = era }
    }
    guard let playlist = found.playlist else { return }

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
      let segment = segment(bytes, after: last, date: found.served[last.sequence + 1]?.date)
    {
      segments.append(segment)
    }
    if playlist.targetDuration != targetDuration, !segments.isEmpty {
      complaints.append("its target duration is \(playlist.targetDuration) s and now \(targetDuration) s")
      passOverAll()
    }
    guard let last = segments.last else { return }
    if found.isComplete, last.sequence >= used.max() ?? 0 {
      nextSequence = last.sequence + 1
    } else {
      // The numbers of a playlist have no holes: the next segment could not follow.
      complaints.append(
        found.isComplete
          ? "\(name(last.sequence + 1)) is missing or has no frames, and was used"
          : "the run before was cut off with the machine, and what it served last is not known")
      passOverAll()
    }
  }

  /// The first number where none is known: half seconds since 2020. No segment is shorter than that, so that a stream
  /// that began with such a number never runs ahead of it. A clock that is wrong may give a number again, in a new era.
  package static func firstSequence(at now: WallTime) -> Int {
    max(1, (now.microseconds - 1_577_836_800_000_000) / 500_000)
  }

  private func name(_ sequence: Int) -> SegmentName { SegmentName(sequence, of: packaging.codec) }

  private mutating func restore(_ entry: Playlist.Entry, _ bytes: [UInt8]?) -> Segment? {
    func passedOver(_ reason: String) -> Segment? {
      complaints.append("\(entry.name) \(reason)")
      return nil
    }
    guard let bytes else { return passedOver("is missing") }
    guard let run = packaging.frames(in: bytes) else { return passedOver("is damaged") }
    let start = SegmentStart(
      sequence: entry.sequence, packaging: packaging, sampleRate: run.sampleRate, date: entry.date,
      discontinuity: entry.discontinuity)
    let segment = Segment(start, bytes: bytes, samples: run.samples)
    guard segment.entry.nanoseconds == entry.nanoseconds else {
      return passedOver("is not as long as the playlist says")
    }
    return segment
  }

  /// Nothing up to `entry` can be listed, because the numbers after it would not be its successors.
  private mutating func passOver(through entry: Playlist.Entry) {
    passOverAll()
    if entry.discontinuity { discontinuitySequence += 1 }
  }

  /// No segment that was restored until now can be listed.
  private mutating func passOverAll() {
    discontinuitySequence += segments.count(where: \.discontinuity)
    segments = []
  }

  private func segment(_ bytes: [UInt8], after last: Segment, date: WallTime?) -> Segment? {
    guard let timestamp = packaging.timestamp(of: bytes), let before = packaging.timestamp(of: last.bytes),
      let run = packaging.frames(in: bytes)
    else { return nil }
    // Both timestamps are rounded down: a difference of one tick is none.
    let expected = before + UInt64(last.samples * 90_000 / last.sampleRate)
    let continues = run.sampleRate == last.sampleRate && (timestamp &- expected &+ 1) & 0x1_FFFF_FFFF <= 2
    let start = SegmentStart(
      sequence: last.sequence + 1, packaging: packaging, sampleRate: run.sampleRate, date: date ?? last.end,
      discontinuity: !continues)
    return Segment(start, bytes: bytes, samples: run.samples)
  }
}

extension Restored.Found {
  /// The same without what has a number that ringcast never gives, and these numbers. Such a number would leave no room for
  /// the numbers after it.
  fileprivate func withoutForeignNumbers() -> (Restored.Found, foreign: [Int]) {
    let isListOurs = playlist?.entries.last.map { $0.sequence <= Restored.highest } ?? true
    let playlist = isListOurs ? playlist : nil
    // The folder may have some segments that the playlist could not name yet.
    let highestFile = max(Restored.highestUnlisted, (playlist?.entries.last?.sequence ?? 0) + 100)
    let (ours, noted) = (files.filter { $0.key <= highestFile }, served.filter { $0.key <= Restored.highest })
    let numbers = Set(files.keys).union(served.keys).subtracting(ours.keys).subtracting(noted.keys)
    let found = Restored.Found(playlist: playlist, files: ours, served: noted, isComplete: isComplete, era: era)
    return (found, numbers.sorted())
  }
}
