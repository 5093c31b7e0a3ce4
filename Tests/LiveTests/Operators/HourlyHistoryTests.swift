import Core
import System
import Testing

@testable import Live

@Suite struct HourlyHistoryTests {
  private func samples(_ notes: [(value: Int, seconds: Int)]) -> [Int?] {
    var history = HourlyHistory()
    for note in notes { history.note(note.value, at: MonotonicTime(nanoseconds: 0) + .seconds(note.seconds)) }
    return history.samples
  }

  @Test func `a sample each ten seconds, and of two the greater`() {
    #expect(samples([]) == [])
    #expect(samples([(3, 1000), (5, 1010), (2, 1019), (7, 1025)]) == [3, 5, 7])
  }

  @Test func `where none was taken there is none`() {
    #expect(samples([(3, 1009), (5, 1030), (6, 1040)]) == [3, nil, nil, 5, 6])
  }

  @Test func `an hour of them, and no more`() {
    let notes = (0..<500).map { (value: $0, seconds: $0 * 10) }
    #expect(samples(notes) == Array(140..<500))
    #expect(samples([(1, 0), (2, 1_000_000)]) == [Int?](repeating: nil, count: 359) + [2])
  }
}
