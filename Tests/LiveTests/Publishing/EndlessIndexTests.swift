import HLS
import Testing

@testable import Live

@Suite struct EndlessIndexTests {
  private func part(_ range: Range<Int>, samples: Int, start: Int) -> Part {
    Part(index: 0, range: range, samples: samples, start: start)
  }

  @Test func `a byte belongs to the sample of its part, whatever the bit rate of the parts is`() {
    let index = EndlessIndex()
    // 1000 samples in 100 bytes, the next 1000 samples in 400 bytes; a segment's bytes begin with 73 that are left out.
    index.add(part(73..<173, samples: 1000, start: 5000), at: 0)
    index.add(part(73..<473, samples: 1000, start: 6000), at: 100)
    for (offset, sample) in [(0, 5000), (50, 5500), (100, 6000), (300, 6500), (500, 7000)] {
      #expect(index.sample(at: offset) == sample)
    }
    // The part that is being recorded is not in the index: bytes are taken to go on as in the newest part.
    #expect(index.sample(at: 900) == 8000)
  }

  @Test func `before the first part there is only the first sample, and an empty part is none`() {
    let index = EndlessIndex()
    #expect(index.sample(at: 100) == 0)
    index.add(part(73..<73, samples: 0, start: 0), at: 0)
    #expect(index.sample(at: 100) == 0)
  }

  @Test func `a day of parts keeps the newest ones, and older bytes are still in order`() {
    let index = EndlessIndex()
    let count = 10_000
    for number in 0..<count { index.add(part(0..<384, samples: 1152, start: number * 1152), at: number * 384) }
    let end = count * 384
    for offset in stride(from: end - 384 * 700, to: end, by: 16_000) {
      #expect(index.sample(at: offset) == offset * 3)
    }
    #expect(index.sample(at: 384) == 1152)
  }
}
