import Testing

@testable import Live

@Suite struct StationProgressTests {
  @Test(
    arguments: [
      ([1, 1], [2, 2], true), ([1, 1], [2, 1], false), ([1, 1], [1, 1], false), ([1, nil], [2, nil], true),
      ([1, nil], [1, nil], false), ([nil, nil], [nil, nil], true), ([1], [nil], true), ([nil], [5], true),
    ] as [([Int?], [Int?], Bool)])
  func `a station moves while each stream with sound does`(before: [Int?], now: [Int?], hasMoved: Bool) {
    #expect(StationProgress(positions: now).hasMoved(since: StationProgress(positions: before)) == hasMoved)
  }

  @Test func `at first it has moved`() {
    #expect(StationProgress(positions: [0]).hasMoved(since: nil))
  }
}
