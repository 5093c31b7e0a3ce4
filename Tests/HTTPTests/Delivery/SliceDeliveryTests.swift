import Testing

@testable import HTTP

@Suite struct SliceDeliveryTests {
  private static let slices = [[1, 2, 3], [], [4, 5, 6, 7, 8], [9]].map { Bytes.Slice($0) }

  @Test(arguments: 1...10) func `a client gets a limited number of bytes in a turn, and in the end all`(most: Int) {
    var delivery = SliceDelivery(of: Self.slices)
    var (got, turns): ([UInt8], Int) = ([], 0)
    var verdict = Delivery.Verdict.wait
    while verdict == .wait {
      let before = got.count
      verdict = delivery.sendPending(atMost: most) { bytes, more in
        got += bytes
        #expect(more == (got.count < 9))
        return bytes.count
      }
      #expect(got.count - before <= most && delivery.sent == got.count)
      turns += 1
    }
    #expect(verdict == .complete && got == Array(1...9))
    #expect(turns == (9 + most - 1) / most)
  }

  @Test func `a client that takes only some bytes goes on behind them`() {
    var delivery = SliceDelivery(of: Self.slices)
    var got: [UInt8] = []
    while delivery.sendPending(
      atMost: 4,
      {
        bytes, _ in
        got += bytes.prefix(2)
        return min(2, bytes.count)
      }) == .wait
    {}
    #expect(got == Array(1...9))
  }
}
