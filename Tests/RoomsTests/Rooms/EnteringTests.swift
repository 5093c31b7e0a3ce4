import Testing

@testable import Rooms

@Suite struct EnteringTests {
  @Test func `a room comes into being with its first member, and goes half a minute after its last`() throws {
    let station = Station()
    let page = station.connect()
    #expect(!station.rooms.exists(Station.hall))
    station.send(.hello(Hello()), on: page)
    #expect(station.rooms.exists(Station.hall))
    station.send(.leave, on: page)
    station.wait(.milliseconds(29_999))
    #expect(station.rooms.exists(Station.hall) && station.ended.isEmpty)
    station.wait(.milliseconds(1))
    #expect(!station.rooms.exists(Station.hall) && station.ended == ["hall"])
    #expect(
      station.rooms.nextWake == nil
        || station.rooms.list(isOperator: true, mayListen: { _ in true }, at: station.now).isEmpty)
  }

  @Test func `a name that is taken gets a suggestion, and the page tries again`() throws {
    let station = Station()
    _ = station.enter("Ann")
    let page = station.enter("ANN")
    #expect(
      station.inbox(page)
        == [.error(RoomError(.nameTaken, "Another member has the name ANN.", suggestion: "ANN 2"))])
    #expect(station.closed[page] == nil)
    var hello = Hello()
    hello.name = "ANN 2"
    station.send(.hello(hello), on: page)
    #expect(try station.welcome(page).you.name == "ANN 2")
  }

  @Test func `a bad name is refused, and the page tries again`() throws {
    let station = Station()
    let page = station.enter("a\u{202E}b")
    #expect(station.errors(page) == [.badName] && station.closed[page] == nil)
    #expect(!station.rooms.exists(Station.hall))
    station.send(.hello(Hello()), on: page)
    #expect(try station.welcome(page).you.name == "Guest 1")
  }

  @Test func `a second hello is refused`() {
    let station = Station()
    let page = station.enter("Ann")
    station.send(.hello(Hello()), on: page)
    #expect(station.errors(page) == [.notAllowed] && station.rooms.counts.members == 1)
  }

  @Test func `nobody outside a room gets its messages`() throws {
    let station = Station()
    let (ann, far, silent) = (station.enter("Ann"), station.enter("Far", to: RoomName("cellar")!), station.connect())
    station.wait(.seconds(1))
    _ = station.read(far)
    station.chat("here", on: ann)
    station.send(.hand(up: true), on: ann)
    station.wait(.seconds(1))
    #expect(station.inbox(far).isEmpty && station.inbox(silent).isEmpty)
  }

  @Test func `members and rooms are limited`() throws {
    let station = Station {
      $0.limits.members = 2; $0.limits.rooms = 2
    }
    let first = station.enter("Ann")
    _ = station.enter("Bob")
    let third = station.enter("Carl")
    #expect(station.errors(third) == [.full] && station.closed[third] == .full)
    _ = station.enter("Far", to: RoomName("cellar")!)
    let fourth = station.enter("Dan", to: RoomName("roof")!)
    #expect(station.errors(fourth) == [.tooManyRooms] && station.closed[fourth] == .full)
    #expect(station.rooms.counts == (2, 3, 3))
    station.send(.leave, on: first)
    _ = try station.welcome(station.enter("Carl"))
  }

  @Test func `a member whose road is broken keeps the place in a full room`() throws {
    let station = Station { $0.limits.members = 1 }
    let ann = station.enter("Ann")
    let session = try station.welcome(ann).you.session
    station.lose(ann)
    #expect(station.errors(station.enter("Bob")) == [.full])
    _ = try station.welcome(station.enter { $0.session = session })
  }

  @Test func `members who are gone from one address keep half of the places at most`() throws {
    let station = Station { $0.limits.members = 4 }
    let names = ["Ann", "Bob", "Carl"]
    for name in names {
      station.lose(station.enter(name))
      station.wait(.seconds(1))
    }
    let dan = station.enter("Dan")
    #expect(try station.welcome(dan).members.map(\.name) == ["Bob", "Carl", "Dan"])
  }
}
