import HLS
import Testing

@Suite struct SegmenterTests {
  private let origin = WallTime(microseconds: 1_790_000_000_000_000)

  private func segmenter(discontinuity: Bool = false) -> Segmenter {
    Segmenter(
      grid: Grid(sampleRate: 48_000, target: 2_000_000), origin: origin, sequence: 7, discontinuity: discontinuity)
  }

  @Test func `a segment is the tag of its first sample and the bytes since the cut before`() throws {
    var segmenter = segmenter()
    #expect(segmenter.nextCut == 83)
    segmenter.append([1, 2])
    segmenter.append([3])
    let cut = segmenter.cut(at: 83)
    let first = try #require(cut)
    #expect(first.sequence == 7)
    #expect(first.bytes == TimestampTag(samples: 0, rate: 48_000).bytes + [1, 2, 3])
    #expect(first.samples == 83 * 1152)
    #expect(first.date == origin)

    #expect(segmenter.nextCut == 167)
    segmenter.append([4])
    let next = segmenter.cut(at: 167)
    let second = try #require(next)
    #expect(second.sequence == 8)
    #expect(second.bytes == TimestampTag(samples: 83 * 1152, rate: 48_000).bytes + [4])
    #expect(second.samples == 84 * 1152)
    #expect(second.date == origin.advanced(samples: 83 * 1152, rate: 48_000))
  }

  @Test func `only the first segment of a run that follows another is a discontinuity`() {
    var segmenter = segmenter(discontinuity: true)
    #expect(segmenter.cut(at: 83)?.discontinuity == true)
    #expect(segmenter.cut(at: 167)?.discontinuity == false)
  }

  @Test func `a stream that ends off the grid ends with a shorter segment, and an empty one is none`() {
    var segmenter = segmenter()
    #expect(segmenter.cut(at: 5)?.samples == 5 * 1152)
    #expect(segmenter.cut(at: 5) == nil)
  }
}
