package import Core

/// A run of whole parts of the ring, whose frames joined are a clip: no frame of it leans on a frame before it.
package struct RingClip: Equatable, Sendable {
  /// The longest clip.
  package static let longest = Duration.seconds(600)
  /// A date may lie this much beside the ring: a page knows the dates of its sound to the sample, but not better.
  private static let tolerance = 500_000
  /// Longer than a part, in microseconds: the border that is nearest to a date may lie in the segment beside.
  private static let reach = 10_000_000

  /// Frames of one segment.
  package struct Run: Equatable, Sendable {
    /// The media sequence number.
    package let sequence: Int
    /// Where the frames are in the segment's bytes.
    package let range: Range<Int>
    /// The parts of the recording segment; nil for a complete segment.
    package let parts: Range<Int>?
  }

  /// The reason for which there is no clip.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    /// The sound has left the ring.
    case gone
    case notYet
    case tooLong
    case empty
    case mixed

    package var description: String {
      switch self {
      case .gone: "the sound of this clip has left the ring"
      case .notYet: "the sound of this clip is not there yet"
      case .tooLong: "a clip has at most \(longest.components.seconds) seconds"
      case .empty: "to: the end of a clip must come after its beginning"
      case .mixed: "a clip cannot go across a change of the sample rate"
      }
    }
  }

  package let runs: [Run]
  /// Wall-clock time of the first sample, and of the first sample behind the last.
  package let start: WallTime
  package let end: WallTime
  /// Samples of the run before the clip; nil for a segment that an earlier run has left.
  package let firstSample: Int?
}

/// A part, or a segment of which no parts are known.
private struct Piece {
  let sequence: Int
  let index: Int
  let range: Range<Int>
  let isRecorded: Bool
  let start: WallTime
  let end: WallTime
  let sampleRate: Int
  let firstSample: Int?
}

extension RingClip {
  /// Cuts at the borders between parts that are nearest.
  /// - Parameters:
  ///   - segments: the complete segments, oldest first.
  ///   - recording: the segment after them; nil if no more comes.
  init(
    _ segments: [Segment], _ recording: RecordingSegment?, from: ClipPlace, to: ClipPlace
  ) throws(Failure) {
    guard let oldest = segments.first?.date ?? recording?.date else { throw .notYet }
    let newest = recording.map { Self.pieces(of: $0).last?.end ?? $0.date } ?? segments.last?.end ?? oldest
    let first = segments.first?.sequence ?? recording?.sequence ?? 0
    let next = (recording?.sequence ?? segments.last?.sequence ?? 0) + 1
    if case .part(let sequence, _) = from, sequence < first { throw .gone }
    if case .date(let date) = from, date.microseconds < oldest.microseconds - Self.tolerance { throw .gone }
    if case .part(let sequence, _) = to, sequence > next { throw .notYet }
    if case .date(let date) = to, date.microseconds > newest.microseconds + Self.tolerance { throw .notYet }
    if case .date(let date) = from, case .date(let end) = to {
      guard date < end else { throw .empty }
      guard end.microseconds - date.microseconds <= Int(Self.longest.components.seconds) * 1_000_000 else {
        throw .tooLong
      }
    }
    var pieces = try Self.segments(segments, from: from, to: to).flatMap { Self.pieces(of: $0) }
    if let recording { pieces += Self.pieces(of: recording) }
    guard let last = pieces.last else { throw .notYet }

    guard let begin = Self.border(from, in: pieces) else { throw .notYet }
    let end: Int
    if case .part(let sequence, let index) = to, sequence == last.sequence, index == last.index + 1 {
      end = pieces.count
    } else if case .part(let sequence, 0) = to, sequence == last.sequence + 1, !last.isRecorded {
      end = pieces.count
    } else if let border = Self.border(to, in: pieces) {
      end = border
    } else {
      throw .notYet
    }
    guard begin < end else { throw .empty }
    try self.init(pieces[begin..<end])
  }

  private init(_ pieces: ArraySlice<Piece>) throws(Failure) {
    guard let first = pieces.first, let last = pieces.last else { throw .empty }
    guard pieces.allSatisfy({ $0.sampleRate == first.sampleRate }) else { throw .mixed }
    let length = pieces.reduce(0) { $0 + $1.end.microseconds - $1.start.microseconds }
    guard length <= Int(Self.longest.components.seconds) * 1_000_000 else { throw .tooLong }
    var runs: [Run] = []
    for piece in pieces {
      if let before = runs.last, before.sequence == piece.sequence {
        runs[runs.count - 1] = Run(
          sequence: piece.sequence, range: before.range.lowerBound..<piece.range.upperBound,
          parts: before.parts.map { $0.lowerBound..<(piece.index + 1) })
      } else {
        runs.append(
          Run(
            sequence: piece.sequence, range: piece.range,
            parts: piece.isRecorded ? piece.index..<(piece.index + 1) : nil))
      }
    }
    self.init(runs: runs, start: first.start, end: last.end, firstSample: first.firstSample)
  }

  /// The segments between two places and near them: a ring may hold hours, whose pieces would take long to list.
  /// - Throws: `tooLong` for more segments than the longest clip can need.
  static func segments(_ segments: [Segment], from: ClipPlace, to: ClipPlace) throws(Failure) -> ArraySlice<Segment> {
    let begin =
      segments.firstIndex { segment in
        switch from {
        case .date(let date): segment.end.microseconds >= date.microseconds - Self.reach
        case .part(let wanted, _): segment.sequence >= wanted
        }
      } ?? segments.endIndex
    var (end, length) = (begin, 0)
    while end < segments.endIndex {
      let segment = segments[end]
      let isBefore =
        switch to {
        case .date(let date): segment.date.microseconds <= date.microseconds + Self.reach
        case .part(let wanted, _): segment.sequence <= wanted
        }
      guard isBefore else { break }
      // The first segment and the last one may lie in the clip in part.
      if end > begin + 1 {
        length += segments[end - 1].end.microseconds - segments[end - 1].date.microseconds
        guard length <= Int(Self.longest.components.seconds) * 1_000_000 + 2 * Self.reach else { throw .tooLong }
      }
      end += 1
    }
    return segments[begin..<end]
  }

  /// The number of pieces before a place: that of the nearest border, which may lie behind the last piece.
  private static func border(_ place: ClipPlace, in pieces: [Piece]) -> Int? {
    switch place {
    case .part(let sequence, let index): return pieces.firstIndex { $0.sequence == sequence && $0.index == index }
    case .date(let date):
      let borders = pieces.map(\.start) + (pieces.last.map { [$0.end] } ?? [])
      return borders.indices.min { one, other in
        abs(borders[one].microseconds - date.microseconds) < abs(borders[other].microseconds - date.microseconds)
      }
    }
  }

  private static func pieces(of segment: Segment) -> [Piece] {
    guard segment.parts.isEmpty else { return pieces(of: RecordingSegment(segment), isRecorded: false) }
    return [
      Piece(
        sequence: segment.sequence, index: 0, range: segment.packaging.preambleLength..<segment.bytes.count,
        isRecorded: false, start: segment.date, end: segment.end, sampleRate: segment.sampleRate, firstSample: nil)
    ]
  }

  private static func pieces(of segment: RecordingSegment, isRecorded: Bool = true) -> [Piece] {
    guard let begin = segment.parts.first?.start else { return [] }
    func date(_ sample: Int) -> WallTime { segment.date.advanced(samples: sample - begin, rate: segment.sampleRate) }
    return segment.parts.map { part in
      Piece(
        sequence: segment.sequence, index: part.index, range: part.range, isRecorded: isRecorded,
        start: date(part.start), end: date(part.start + part.samples), sampleRate: segment.sampleRate,
        firstSample: part.start)
    }
  }
}

extension LowLatencyPlaylist {
  /// A clip of the ring, with the segments that have just left the playlist and the parts of the recording segment.
  package func clip(from: ClipPlace, to: ClipPlace) throws(RingClip.Failure) -> RingClip {
    try RingClip(ring.segments, ring.ended ? nil : recording, from: from, to: to)
  }
}
