/// The rolling window of segments and those that have just left it.
package struct Ring: Sendable {
  /// The number of segments in the playlist, unless they are too short to fill three target durations.
  package let capacity: Int
  /// Seconds.
  package let targetDuration: Int
  /// Consecutive, oldest first: all segments that are still served, listed or not.
  package private(set) var segments: [Segment] = []
  private var listedCount = 0
  private var discontinuitySequence: Int
  package private(set) var ended = false

  /// An empty ring.
  /// - Parameters:
  ///   - targetDuration: in seconds.
  ///   - discontinuitySequence: counts the discontinuities of the runs before.
  package init(capacity: Int, targetDuration: Int, discontinuitySequence: Int = 0) {
    self.capacity = capacity
    self.targetDuration = targetDuration
    self.discontinuitySequence = discontinuitySequence
  }

  /// The number of segments that stay available. rfc8216bis §6.2.2: a removed segment "MUST remain available … for a period
  /// of time equal to the duration of the segment plus the duration of the longest Playlist file distributed by the
  /// Server containing that segment". That is a window and one segment after the removal, and one more because the
  /// lengths of segments differ by a frame.
  private var retained: Int { 2 * max(capacity, listedCount) + 2 }

  /// The segments in the playlist.
  package var listed: ArraySlice<Segment> { segments.suffix(listedCount) }

  /// Adds the next segment. The oldest leaves the playlist, and a segment that left the playlist long ago leaves memory.
  package mutating func append(_ segment: Segment) {
    precondition(segments.last.map { $0.sequence + 1 == segment.sequence } ?? true, "segments are consecutive")
    segments.append(segment)
    listedCount += 1
    while listedCount > capacity, let oldest = listed.first, isLongEnough(without: oldest) {
      // rfc8216bis §6.2.2: incremented "when an EXT-X-DISCONTINUITY tag is removed from the Playlist".
      if oldest.discontinuity { discontinuitySequence += 1 }
      listedCount -= 1
    }
    if segments.count > retained { segments.removeFirst(segments.count - retained) }
  }

  /// rfc8216bis §6.2.2: "A Server MUST NOT remove a Media Segment from a Playlist file without an EXT-X-ENDLIST tag if
  /// that would produce a Playlist whose duration is less than three times the target duration." A run that was
  /// stopped ends with a segment that may be short.
  private func isLongEnough(without oldest: Segment) -> Bool {
    let nanoseconds = listed.dropFirst().reduce(0) { $0 + $1.entry.nanoseconds }
    return nanoseconds >= 3 * targetDuration * 1_000_000_000
  }

  /// Ends the ring: no segment comes after the last one.
  package mutating func end() {
    ended = true
  }

  package var playlist: Playlist { playlist(of: listed) }

  /// A playlist of only some of the listed segments: consecutive, with the last or the first of them.
  package func playlist(of part: some BidirectionalCollection<Segment>) -> Playlist {
    let passed = listed.prefix { $0.sequence < part.first?.sequence ?? 0 }.count(where: \.discontinuity)
    return Playlist(
      targetDuration: targetDuration, discontinuitySequence: discontinuitySequence + passed,
      entries: part.map(\.entry), ended: ended && part.last?.sequence == segments.last?.sequence)
  }
}
