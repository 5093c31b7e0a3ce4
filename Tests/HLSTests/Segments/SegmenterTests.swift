import Core
import HLS
import Testing

@Suite struct SegmenterTests {
  private let origin = WallTime(microseconds: 1_790_000_000_000_000)

  private func segmenter(discontinuity: Bool = false) -> Segmenter {
    Segmenter(
      grid: Grid(sampleRate: 48_000, target: 2_000_000), partFrames: 14, origin: origin, sequence: 7,
      discontinuity: discontinuity)
  }

  /// Runs through the stream as the encoder would, a byte a frame, and cuts where the segmenter asks for it.
  private func run(_ segmenter: inout Segmenter, frames: Range<Int>) -> [Segment] {
    var segments: [Segment] = []
    for frame in frames {
      segmenter.append([UInt8(truncatingIfNeeded: frame)])
      if frame + 1 == segmenter.nextCut {
        segments.append(segmenter.cut(at: frame + 1)!)
      } else if frame + 1 == segmenter.nextPart {
        segmenter.closePart(at: frame + 1)
      }
    }
    return segments
  }

  @Test func `a segment is the tag of its first sample and the bytes since the cut before`() {
    var segmenter = segmenter()
    let segments = run(&segmenter, frames: 0..<167)
    #expect(segments.map(\.sequence) == [7, 8])
    #expect(segments[0].bytes == TimestampTag(samples: 0, rate: 48_000).bytes + (0..<83))
    #expect(segments[0].samples == 83 * 1152)
    #expect(segments[0].date == origin)
    #expect(segments[1].bytes == TimestampTag(samples: 83 * 1152, rate: 48_000).bytes + (83..<167))
    #expect(segments[1].samples == 84 * 1152)
    #expect(segments[1].date == origin.advanced(samples: 83 * 1152, rate: 48_000))
  }

  @Test func `the parts of a segment hold its frames, each once, all of one length but the last`() {
    var segmenter = segmenter()
    for segment in run(&segmenter, frames: 0..<1000) {
      #expect(segment.parts.map(\.index) == Array(0..<6))
      #expect(segment.parts.dropLast().allSatisfy { $0.samples == 14 * 1152 })
      #expect(segment.parts.map(\.samples).reduce(0, +) == segment.samples)
      #expect(segment.parts.flatMap { segment.bytes[$0.range] } == Array(segment.bytes[TimestampTag.length...]))
      for (part, next) in zip(segment.parts, segment.parts.dropFirst()) {
        #expect(next.range.lowerBound == part.range.upperBound)
        #expect(next.start == part.start + part.samples)
      }
    }
  }

  @Test func `the segment at hand begins with its tag and shows its parts as they end`() {
    var segmenter = segmenter(discontinuity: true)
    #expect(segmenter.recording.bytes == TimestampTag(samples: 0, rate: 48_000).bytes)
    #expect(segmenter.recording.discontinuity)
    _ = run(&segmenter, frames: 0..<83 + 30)
    #expect(segmenter.recording.sequence == 8 && !segmenter.recording.discontinuity)
    #expect(segmenter.recording.parts.map(\.samples) == [14 * 1152, 14 * 1152])
    #expect(segmenter.recording.bytes.count == TimestampTag.length + 30)
    #expect(segmenter.recording.date == origin.advanced(samples: 83 * 1152, rate: 48_000))
  }

  @Test func `a date that is corrected holds from the next segment on`() {
    var segmenter = segmenter()
    _ = run(&segmenter, frames: 0..<10)
    segmenter.origin.microseconds += 1000
    let segments = run(&segmenter, frames: 10..<167)
    #expect(segments[0].date == origin)
    #expect(segments[1].date == origin.advanced(samples: 83 * 1152 + 48, rate: 48_000))
  }

  @Test func `only the first segment of a run that follows another is a discontinuity`() {
    var segmenter = segmenter(discontinuity: true)
    #expect(run(&segmenter, frames: 0..<250).map(\.discontinuity) == [true, false, false])
  }

  @Test func `a stream that ends off the grid ends with a shorter segment, and an empty one is none`() {
    var segmenter = segmenter()
    segmenter.append([1])
    let last = segmenter.cut(at: 5)
    #expect(last?.samples == 5 * 1152)
    #expect(last?.parts.map(\.samples) == [5 * 1152])
    #expect(segmenter.cut(at: 5) == nil)
  }
}
