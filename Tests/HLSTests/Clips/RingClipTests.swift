import Codec
import Core
import Testing

@testable import HLS

@Suite struct RingClipTests {
  private static let rate = 48_000
  private static let origin = WallTime("2026-11-30T12:00:00.000Z")!

  /// Segments of four seconds with four parts each, from sequence 10 on; each second has 100 bytes.
  private static func segment(_ number: Int, parts: Int = 4) -> (SegmentStart, [UInt8], [Part]) {
    let packaging = SegmentPackaging.packedAudio(.mp3)
    let start = SegmentStart(
      sequence: 10 + number, packaging: packaging, sampleRate: rate,
      date: origin.advanced(samples: number * 4 * rate, rate: rate), discontinuity: false)
    let preamble = packaging.preambleLength
    let list = (0..<parts).map { index in
      Part(
        index: index, range: (preamble + index * 100)..<(preamble + index * 100 + 100), samples: rate,
        start: (number * 4 + index) * rate)
    }
    return (start, [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: preamble + parts * 100), list)
  }

  private static let segments = (0..<5).map { number in
    let (start, bytes, parts) = segment(number)
    return Segment(start, bytes: bytes, parts: parts, samples: 4 * rate)
  }

  private static let recording: RecordingSegment = {
    let (start, bytes, parts) = segment(5, parts: 2)
    return RecordingSegment(start, bytes: bytes, parts: parts)
  }()

  private func date(_ seconds: Double) -> ClipPlace {
    .date(WallTime(microseconds: Self.origin.microseconds + Int(seconds * 1_000_000)))
  }

  private func clip(_ from: ClipPlace, _ to: ClipPlace) throws(RingClip.Failure) -> RingClip {
    try RingClip(Self.segments, Self.recording, from: from, to: to)
  }

  private static func preamble(_ seconds: Int) -> Int {
    SegmentPackaging.packedAudio(.mp3).preambleLength + seconds * 100
  }

  @Test func `a clip is cut at the borders between parts that are nearest`() throws {
    let clip = try clip(date(2.6), date(9.4))
    #expect(clip.start == Self.origin.advanced(samples: 3 * Self.rate, rate: Self.rate))
    #expect(clip.end == Self.origin.advanced(samples: 9 * Self.rate, rate: Self.rate))
    #expect(clip.runs.map(\.sequence) == [10, 11, 12])
    #expect(
      clip.runs.map(\.range) == [
        Self.preamble(3)..<Self.preamble(4), Self.preamble(0)..<Self.preamble(4), Self.preamble(0)..<Self.preamble(1),
      ])
    #expect(clip.firstSample == 3 * Self.rate && clip.runs.allSatisfy { $0.parts == nil })
  }

  @Test func `the border of a date within the last part of a segment may be the end of the segment`() throws {
    let clip = try clip(date(0), date(3.7))
    #expect(clip.runs == [RingClip.Run(sequence: 10, range: Self.preamble(0)..<Self.preamble(4), parts: nil)])
  }

  @Test func `the parts of the recording segment may be the end of a clip`() throws {
    let clip = try clip(date(19), date(22))
    #expect(clip.runs.map(\.sequence) == [14, 15] && clip.runs[1].parts == 0..<2)
    #expect(clip.end.microseconds - clip.start.microseconds == 3_000_000)
  }

  @Test func `parts name their places exactly`() throws {
    let clip = try clip(try #require(ClipPlace("11.2")), try #require(ClipPlace("12")))
    #expect(clip.runs == [RingClip.Run(sequence: 11, range: Self.preamble(2)..<Self.preamble(4), parts: nil)])
    let newest = try self.clip(.part(sequence: 15, index: 1), .part(sequence: 15, index: 2))
    #expect(newest.runs.first?.parts == 1..<2)
  }

  @Test func `sound that has left the ring is gone, and sound that has not come is not there yet`() {
    #expect(throws: RingClip.Failure.gone) { try clip(date(-2), date(4)) }
    #expect(throws: RingClip.Failure.gone) { try clip(.part(sequence: 9, index: 0), date(4)) }
    #expect(throws: RingClip.Failure.notYet) { try clip(date(19), date(24)) }
    #expect(throws: RingClip.Failure.notYet) { try clip(.part(sequence: 15, index: 3), .part(sequence: 15, index: 4)) }
    #expect(throws: RingClip.Failure.notYet) { try RingClip([], nil, from: date(0), to: date(1)) }
  }

  @Test func `a clip has a length, and at most ten minutes`() {
    #expect(throws: RingClip.Failure.empty) { try clip(date(4), date(4)) }
    #expect(throws: RingClip.Failure.empty) { try clip(date(4.1), date(4.2)) }
    let hours = (0..<200).map { number in
      let (start, bytes, parts) = Self.segment(number)
      return Segment(start, bytes: bytes, parts: parts, samples: 4 * Self.rate)
    }
    #expect(throws: RingClip.Failure.tooLong) { try RingClip(hours, nil, from: date(0), to: date(601)) }
    #expect(throws: RingClip.Failure.tooLong) {
      try RingClip(hours, nil, from: .part(sequence: 10, index: 0), to: .part(sequence: 209, index: 0))
    }
  }

  @Test func `only the segments that the longest clip can need are looked at`() throws {
    let hours = (0..<2000).map { number in
      let (start, bytes, parts) = Self.segment(number)
      return Segment(start, bytes: bytes, parts: parts, samples: 4 * Self.rate)
    }
    let first = ClipPlace.part(sequence: 10, index: 0)
    #expect(throws: RingClip.Failure.tooLong) {
      try RingClip.segments(hours, from: first, to: .part(sequence: 2009, index: 0)).count
    }
    #expect(throws: RingClip.Failure.tooLong) { try RingClip.segments(hours, from: first, to: date(7999)).count }
    // A place that has not come yet, without a look at the ring.
    #expect(throws: RingClip.Failure.notYet) {
      try RingClip(hours, nil, from: first, to: .part(sequence: 999_999_999_999_999, index: 0))
    }
    let near = try RingClip.segments(hours, from: .part(sequence: 500, index: 1), to: .part(sequence: 510, index: 1))
    #expect(near.map(\.sequence) == Array(500...510))
    let whole = try RingClip(hours, nil, from: .part(sequence: 500, index: 1), to: .part(sequence: 650, index: 1))
    #expect(whole.end.microseconds - whole.start.microseconds == 600_000_000)
  }

  @Test func `a segment that an earlier run has left is one piece`() throws {
    let (start, bytes, _) = Self.segment(0)
    let old = Segment(start, bytes: bytes, samples: 4 * Self.rate)
    let clip = try RingClip([old] + Self.segments.dropFirst(), nil, from: date(1.2), to: date(6))
    #expect(clip.start == Self.origin && clip.firstSample == nil)
    #expect(clip.runs[0].range == Self.preamble(0)..<Self.preamble(4))
  }

  @Test(arguments: ["", "x", "1.2.3", "-1", "1.", ".1", "9999999999999999", "2026-11-30T12:00:00Z", "12.-3", "+1"])
  func `a text that is neither a date nor a part is no place`(text: String) {
    #expect(ClipPlace(text) == nil)
  }
}
