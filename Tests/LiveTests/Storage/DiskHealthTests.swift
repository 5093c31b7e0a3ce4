import System
import Testing

@testable import Live

@Suite struct DiskHealthTests {
  private func time(second: Int) -> MonotonicTime { MonotonicTime(nanoseconds: second * 1_000_000_000) }

  @Test func `a trouble is news once, and its end when there was none for ten seconds`() {
    var watch = DiskHealth()
    var news: [Int] = []
    for second in 0...100 {
      let fails = (1...60).contains(second) || second >= 80
      let now = time(second: second)
      if fails ? watch.fails(now: now) : watch.succeeds(now: now) != nil { news.append(second) }
    }
    #expect(news == [1, 70, 80])
  }

  @Test func `a disk that fails every other second for an hour is two lines`() {
    var (watch, lines) = (DiskHealth(), 0)
    for second in 0..<3600 {
      let now = time(second: second)
      if second % 2 == 0 ? watch.fails(now: now) : watch.succeeds(now: now) != nil { lines += 1 }
    }
    if watch.succeeds(now: time(second: 3620)) == .seconds(3620) { lines += 1 }
    #expect(lines == 2)
  }
}
