import Audio
import Testing

@Suite struct ChannelMapTests {
  @Test func `one and two channels stay as they are`() throws {
    #expect(try ChannelMap(inputs: 1).apply([1, 2]) == [1, 2])
    #expect(try ChannelMap(inputs: 2).apply([1, 2]) == [1, 2])
  }

  @Test(
    arguments: [
      ([5, 6], [5, 6, 13, 14]), ([6, 5], [6, 5, 14, 13]), ([2], [2, 10]), ([1, 8], [1, 8, 9, 16]),
    ] as [([Int], [Int32])])
  func `chosen channels come out untouched, in the order of the choice`(chosen: [Int], expected: [Int32]) throws {
    let map = try ChannelMap(inputs: 8, chosen: chosen)
    #expect(map.outputs == chosen.count && map.apply((1...16).map { $0 }) == expected)
  }

  @Test func `a channel that is not there is an error`() {
    #expect(throws: SourceError("it has 2 channels, and no channel 3", isUnusable: true)) {
      try ChannelMap(inputs: 2, chosen: [3])
    }
  }

  @Test func `5.1 is mixed to two: the middle to both, the sides to theirs, without the low frequencies`() throws {
    let map = try ChannelMap(inputs: 6)
    let one: Int32 = 1 << 24
    func heard(_ channel: Int) -> [Double] {
      var frame = [Int32](repeating: 0, count: 6)
      frame[channel] = one
      return map.apply(frame).map { (Double($0) / Double(one) * 1000).rounded() / 1000 }
    }
    // 1 / (1 + 2 · 0.7071) and 0.7071 of that.
    #expect(heard(0) == [0.414, 0] && heard(1) == [0, 0.414])
    #expect(heard(2) == [0.293, 0.293] && heard(3) == [0, 0])
    #expect(heard(4) == [0.293, 0] && heard(5) == [0, 0.293])
  }

  @Test(arguments: 3...12)
  func `no sum is beyond full scale, and no side is silent`(inputs: Int) throws {
    let loud = try ChannelMap(inputs: inputs).apply([Int32](repeating: .max, count: inputs))
    #expect(loud.count == 2 && loud.allSatisfy { $0 > .max / 2 })
    #expect(try ChannelMap(inputs: inputs).apply([Int32](repeating: .min, count: inputs)).allSatisfy { $0 < .min / 2 })
  }
}
