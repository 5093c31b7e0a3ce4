import Core
import HLS
import HTTP
import Testing

@testable import Live

@Suite struct SegmentPeaksTests {
  private let peaks = Peaks(channels: 1, samplesPerSlice: 1152, sampleRate: 48_000, levels: [1, 2])

  private func response(_ edition: Edition, _ resource: Resource, in era: Era? = .sample) throws -> Response {
    let outcome = edition.outcome(for: resource, in: era, Request(method: .get, path: "/"), carrying: nil)
    guard case .response(let response) = outcome else { throw CancellationError() }
    return response
  }

  private func edition(restored: [Int: SegmentPeaks] = [:], peaks: Peaks?) -> Edition {
    var builder = EditionBuilder(partFrames: 14, capacity: 40_000, restoredPeaks: restored)
    let ring = Segments.ring(5...7)
    return builder.edition(ring, Segments.open(after: 5...7, bytes: []), peaks: peaks).0
  }

  @Test func `the peaks of a segment are kept by caches as the segment is`() throws {
    let edition = edition(peaks: peaks)
    let (segment, answer) = (try response(edition, .segment(7)), try response(edition, .peaks(7)))
    #expect(answer.content == peaks.bytes)
    for name in ["Cache-Control", "Last-Modified"] { #expect(answer.header(name) == segment.header(name)) }
    #expect(
      try response(edition, .peaks(7), in: nil).header("Cache-Control")
        == response(edition, .segment(7), in: nil).header("Cache-Control"))
    #expect(throws: CancellationError.self) { try response(edition, .peaks(7), in: Era(bits: 1)) }
  }

  @Test func `the peaks of the recording segment come with its end, and those of a segment that is gone are gone`() {
    let edition = edition(peaks: peaks)
    func outcome(_ sequence: Int) -> String {
      switch edition.outcome(for: .peaks(sequence), Request(method: .get, path: "/"), carrying: nil) {
      case .response: "response"
      case .later: "later"
      case .missing: "missing"
      }
    }
    #expect([4, 5, 7, 8, 9, 10].map(outcome) == ["missing", "missing", "response", "later", "later", "missing"])
  }

  @Test func `peaks that become known later are served from then on`() throws {
    let restored = SegmentPeaks(published: WallTime(microseconds: 0), for: .everybody)
    let edition = edition(restored: [6: restored], peaks: nil)
    #expect(throws: CancellationError.self) { try response(edition, .peaks(6)) }
    restored.become(peaks)
    let answer = try response(edition, .peaks(6))
    // The run that encoded the segment gave other bytes under the same URL.
    #expect(answer.content == peaks.bytes && answer.header("Cache-Control") == "public, max-age=0, s-maxage=60")
  }

  @Test func `the peaks of the ring and the titles are made anew only where they have changed`() throws {
    let restored = SegmentPeaks(published: WallTime(microseconds: 0), for: .everybody)
    var builder = EditionBuilder(partFrames: 14, capacity: 40_000, restoredPeaks: [5: restored])
    var played = PlayedTitles()
    func edition(_ range: ClosedRange<Int> = 5...7, peaks: Peaks? = nil) -> Edition {
      builder.edition(
        Segments.ring(range), Segments.open(after: range, bytes: []), NowPlayingHistory(), played, peaks: peaks
      ).0
    }
    let first = edition(peaks: peaks)
    let second = edition()
    #expect(first.ringPeaks.isSame(as: second.ringPeaks) && first.played.isSame(as: second.played))
    restored.become(peaks)
    let third = edition()
    #expect(!third.ringPeaks.isSame(as: second.ringPeaks) && third.played.isSame(as: second.played))
    #expect(try response(third, .ringPeaks).content.count == 2 * (12 + peaks.bytes.count))
    played.note([DateRange(playing: NowPlaying(mending: "a", artist: nil), start: WallTime(microseconds: 1_000_000))])
    let fourth = edition()
    #expect(fourth.ringPeaks.isSame(as: third.ringPeaks) && !fourth.played.isSame(as: third.played))
    #expect(String(decoding: try response(fourth, .played).content, as: UTF8.self).contains("\"a\""))
    let fifth = edition(5...8, peaks: peaks)
    #expect(!fifth.ringPeaks.isSame(as: fourth.ringPeaks))
  }

  @Test func `the peaks of the ring are in one resource, which a cache asks for again`() throws {
    let restored = SegmentPeaks(peaks, published: WallTime(microseconds: 0), for: .everybody)
    let answer = try response(edition(restored: [5: restored], peaks: peaks), .ringPeaks)
    let head: (UInt8) -> [UInt8] = { [0, 0, 0, 0, 0, 0, 0, $0, 0, 0, 0, 14] }
    #expect(answer.content == head(5) + peaks.bytes + head(7) + peaks.bytes)
    #expect(answer.header("Cache-Control") == "public, max-age=0, s-maxage=1")
  }
}
