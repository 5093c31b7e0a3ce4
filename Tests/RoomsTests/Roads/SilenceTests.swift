import Testing

@testable import Rooms

@Suite struct SilenceTests {
  @Test func `a page that does not say hello is sent away`() {
    let station = Station()
    let (first, second) = (station.connect(), station.connect())
    station.wait(.milliseconds(9999))
    station.send(.ping(PageDelays(rtt: nil)), on: first)
    #expect(station.inbox(first) == [.pong(rtt: nil)] && station.closed.isEmpty)
    station.wait(.milliseconds(1))
    #expect(station.closed == [first: .notAdmitted, second: .notAdmitted])
    #expect(station.errors(second) == [.notAdmitted] && station.rooms.counts.connections == 0)
    #expect(station.rooms.nextWake == nil)
  }

  @Test func `a page that has left before is not sent away`() {
    let station = Station()
    let page = station.connect()
    station.send(.leave, on: page)
    #expect(station.closed == [page: .left])
    station.wait(.seconds(20))
    #expect(station.closed == [page: .left])
  }

  @Test func `whatever comes from a closed or unknown connection is ignored`() {
    let station = Station()
    let ann = station.enter("Ann")
    station.send(.leave, on: ann)
    station.chat("still here", on: ann)
    station.send(.hello(Hello()), on: ann)
    station.lose(ann)
    station.chat("nobody", on: 99)
    station.lose(99)
    #expect(station.rooms.counts.members == 0 && station.published.isEmpty)
  }
}
