import Testing

@testable import Rooms

@Suite struct FloodTests {
  @Test func `twenty messages come at once, and twenty a second`() {
    let station = Station()
    let ann = station.enter("Ann")
    station.wait(.seconds(1))
    for number in 0..<25 { station.chat("\(number)", on: ann) }
    #expect(station.texts(ann).count == 20 && station.errors(ann) == [ErrorCode](repeating: .tooFast, count: 5))
    station.wait(.seconds(1))
    for number in 0..<20 { station.chat("\(number)", on: ann) }
    #expect(station.texts(ann).count == 40)
  }

  @Test func `the limit is a flag`() {
    let station = Station { $0.limits.rate = 3 }
    let ann = station.enter("Ann")
    station.wait(.seconds(1))
    for number in 0..<5 { station.chat("\(number)", on: ann) }
    #expect(station.texts(ann) == ["0", "1", "2"])
  }

  @Test func `a member that goes on is disconnected, and comes back to the same limit`() throws {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    let session = try station.welcome(ann).you.session
    for number in 0..<200 where station.closed[ann] == nil { station.chat("\(number)", on: ann) }
    #expect(station.closed[ann] == .tooFast)
    #expect(station.texts(bob).count < 20)
    let again = station.enter { $0.session = session }
    #expect(try station.welcome(again).you.name == "Ann")
    station.chat("more", on: again)
    #expect(station.closed[again] == .tooFast)
  }

  @Test func `a member that is a little too fast for a while stays`() {
    let station = Station()
    let ann = station.enter("Ann")
    for number in 0..<600 {
      station.chat("\(number)", on: ann)
      station.wait(.milliseconds(40))
    }
    #expect(station.closed[ann] == nil && !station.errors(ann).isEmpty)
  }

  @Test func `unreadable messages count, before a page has said hello too`() {
    let station = Station()
    let page = station.connect()
    for _ in 0..<200 { station.give(.unreadable(ConnectionID(page), RoomError(.badMessage))) }
    #expect(station.errors(page).prefix(21) == [ErrorCode](repeating: .badMessage, count: 20) + [.tooFast])
    #expect(station.closed[page] == .tooFast && station.errors(page).count == 121)
  }

  @Test func `the flood of one member costs the others nothing`() {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    for number in 0..<100 {
      station.chat("\(number)", on: ann)
      if number.isMultiple(of: 10) { station.chat("calm", on: bob) }
    }
    #expect(station.texts(bob).count { $0 == "calm" } == 10 && station.errors(bob).isEmpty)
  }
}
