import HLS
import Testing

@Suite struct GridTests {
  @Test func `two seconds at 48 kHz alternate between 83 and 84 frames`() {
    let grid = Grid(sampleRate: 48_000, target: 2_000_000)
    #expect((1...6).map(grid.boundary) == [83, 167, 250, 333, 417, 500])
    #expect((grid.shortest, grid.longest) == (83 * 1152, 84 * 1152))
    #expect(grid.targetDuration == 2)
  }

  @Test(
    arguments: [32_000, 44_100, 48_000], [500_000, 770_000, 1_300_000, 2_000_000, 2_490_000, 6_006_006, 30_000_000])
  func `each cut is the frame boundary nearest to the grid, a month on as well`(rate: Int, target: Int) {
    let grid = Grid(sampleRate: rate, target: target)
    let month = 30 * 86_400 * 1_000_000 / target
    for index in Array(1...50) + Array(month...month + 50) + [9_999_999_999] {
      let frames = Double(index) * Double(target) * Double(rate) / 1e6 / 1152
      #expect(abs(Double(grid.boundary(index)) - frames) <= 0.5 + frames * 1e-15)
      let length = (grid.boundary(index + 1) - grid.boundary(index)) * 1152
      #expect(length == grid.shortest || length == grid.longest)
    }
  }

  @Test(arguments: [
    (48_000, 500_000, 1), (48_000, 2_000_000, 2), (48_000, 2_490_000, 2), (48_000, 2_470_000, 2),
    (44_100, 2_000_000, 2),
    (48_000, 2_500_000, 3), (32_000, 30_000_000, 30), (48_000, 6_000_000, 6),
  ])
  func `the target duration is the longest segment's, rounded to the nearest`(rate: Int, target: Int, expected: Int) {
    let grid = Grid(sampleRate: rate, target: target)
    #expect(grid.targetDuration == expected)
    #expect((grid.longest * 2 + rate) / (2 * rate) <= expected)
  }

  @Test(arguments: [(48_000, 2_000_000, 3), (44_100, 2_000_000, 4), (48_000, 500_000, 6), (48_000, 2_600_000, 4)])
  func `a playlist never holds less than three target durations`(rate: Int, target: Int, expected: Int) {
    let grid = Grid(sampleRate: rate, target: target)
    #expect(grid.smallestWindow == expected)
    for start in 0..<1000 {
      let frames = grid.boundary(start + expected) - grid.boundary(start)
      #expect(frames * 1152 >= 3 * grid.targetDuration * rate)
    }
  }
}
