import Core
import HLS
import Testing

@Suite struct RingTests {
  private func ring(_ sequences: ClosedRange<Int>, discontinuities: Set<Int> = [], capacity: Int = 3) -> Ring {
    var ring = Ring(capacity: capacity, targetDuration: 2, discontinuitySequence: 5)
    for sequence in sequences {
      ring.append(
        Frames.segment(sequence, start: (sequence - 1) * 84, discontinuity: discontinuities.contains(sequence)))
    }
    return ring
  }

  @Test func `lists the newest and keeps those that left for two windows and more`() {
    let ring = ring(1...20)
    #expect(ring.listed.map(\.sequence) == [18, 19, 20])
    #expect(ring.segments.map(\.sequence) == Array(13...20))
  }

  /// rfc8216bis §6.2.2, in simulated time: one segment a step, appended as its last sample is recorded.
  @Test(arguments: [3, 10])
  func `a removed segment stays for its own length and the longest playlist's after its removal`(capacity: Int) {
    let grid = Grid(sampleRate: 44_100, target: 2_000_000)
    var ring = Ring(capacity: capacity, targetDuration: 2)
    var removed: [Int: (at: Int, until: Int)] = [:]
    for index in 1...500 {
      let (start, end) = (grid.boundary(index - 1) * 1152, grid.boundary(index) * 1152)
      let leaving = ring.listed.count == capacity ? ring.listed.first : nil
      let longest = ring.listed.map(\.samples).reduce(0, +)
      ring.append(
        Segment(
          SegmentStart(index, sampleRate: 44_100, date: WallTime(microseconds: 0)), bytes: [], samples: end - start))
      if let leaving { removed[leaving.sequence] = (end, end + leaving.samples + longest) }
      for (sequence, time) in removed where time.until > end {
        #expect(ring.segments.contains { $0.sequence == sequence }, "\(sequence) at \(index)")
      }
    }
  }

  @Test func `short segments stay listed until the playlist is three target durations long without the oldest`() {
    var ring = Ring(capacity: 3, targetDuration: 2)
    for (sequence, frames) in zip(1..., [84, 84, 84, 1, 83, 83, 84, 84]) {
      ring.append(Frames.segment(sequence, frames: frames))
      if ring.segments.count > 3 { #expect(ring.listed.reduce(0) { $0 + $1.samples } >= 6 * 48_000) }
    }
    #expect(ring.listed.map(\.sequence) == [6, 7, 8])
  }

  @Test func `the discontinuity sequence counts the tags that have left the playlist`() {
    #expect(ring(1...3, discontinuities: [2]).playlist.discontinuitySequence == 5)
    #expect(ring(1...4, discontinuities: [2]).playlist.discontinuitySequence == 5, "the tag is the first entry's")
    #expect(ring(1...5, discontinuities: [2]).playlist.discontinuitySequence == 6)
    #expect(ring(1...9, discontinuities: [2, 4, 9]).playlist.discontinuitySequence == 7)
  }

  @Test func `a part of the window is a playlist of its own`() {
    let ring = ring(1...5, discontinuities: [3], capacity: 4)
    let part = ring.playlist(of: ring.listed.dropFirst(2))
    #expect(part.entries.map(\.sequence) == [4, 5])
    #expect(part.discontinuitySequence == 6)
  }

  @Test func `an ended ring says so only where its last segment is`() {
    var ring = ring(1...3)
    #expect(!ring.playlist.ended)
    ring.end()
    #expect(ring.playlist.ended)
    #expect(!ring.playlist(of: ring.listed.dropLast()).ended)
  }
}
