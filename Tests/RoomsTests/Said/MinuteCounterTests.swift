import Testing

@testable import Rooms

@Suite struct MinuteCounterTests {
  @Test func `the events of the last minute count`() {
    var counter = MinuteCounter()
    #expect(counter.count(at: .seconds(1000)) == 0)
    for second in 1000..<1120 { counter.add(at: .seconds(second)) }
    // Ten slots of six seconds: the newest one, from 1116 on, has four events yet.
    #expect(counter.count(at: .seconds(1119)) == 58)
    #expect(counter.count(at: .seconds(1149)) == 28)
    #expect(counter.count(at: .seconds(1300)) == 0)
    counter.add(at: .seconds(1300))
    #expect(counter.count(at: .seconds(1300)) == 1)
  }
}
