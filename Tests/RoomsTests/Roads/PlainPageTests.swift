import Core
import Testing

@testable import Rooms

@Suite struct PlainPageTests {
  @Test func `the simplest page writes and reads without hello`() throws {
    let station = Station()
    let (one, two) = (station.connect(road: .plainWebSocket), station.connect(road: .plainWebSocket))
    station.wait(.seconds(1))
    station.send(.clientMessage("hello"), on: one)
    #expect(station.inbox(one) == [.serverMessage("hello")] && station.inbox(two) == [.serverMessage("hello")])
    #expect(station.rooms.members(of: Station.hall).map(\.name) == ["Guest 1", "Guest 2"])
    #expect(station.rooms.members(of: Station.hall).map(\.role) == [.talker, .talker])
  }

  @Test func `it joins with its first message, too`() throws {
    let station = Station()
    let page = station.connect(road: .plainWebSocket)
    station.send(.clientMessage("hello"), on: page)
    #expect(station.inbox(page) == [.serverMessage("hello")])
  }

  @Test func `members get its text as chat and as server message, and it gets theirs`() throws {
    let station = Station()
    let (ann, page) = (station.enter("Ann"), station.connect(road: .plainWebSocket))
    station.send(.clientMessage("from guest"), on: page)
    #expect(station.chats(ann).map(\.text) == ["from guest"] && station.chats(ann).map(\.name) == ["Guest 1"])
    #expect(station.inbox(ann).contains(.serverMessage("from guest")))
    station.chat("from Ann", on: ann)
    #expect(station.inbox(page) == [.serverMessage("from guest"), .serverMessage("from Ann")])
    #expect(!station.inbox(ann).contains(.serverMessage("from Ann")))
  }

  @Test func `a page that speaks the language without hello gets everything`() throws {
    let station = Station()
    for road in [Road.webSocket, .plainWebSocket] {
      let page = station.connect(road: road)
      station.chat("hello", on: page)
      #expect(station.texts(page) == ["hello"] && station.inbox(page)[0].type == "welcome")
      #expect(!station.inbox(page).contains(.serverMessage("hello")))
    }
  }

  @Test func `a page without subprotocol may say hello late`() throws {
    let station = Station()
    let page = station.connect(road: .plainWebSocket)
    station.wait(.seconds(5))
    var hello = Hello()
    hello.name = "Ann"
    station.send(.hello(hello), on: page)
    #expect(try station.welcome(page).members.map(\.name) == ["Ann"])
    #expect(station.rooms.members(of: Station.hall).count == 1)
  }

  @Test func `a closed station refuses it`() {
    let station = Station(open: nil)
    let page = station.connect(road: .plainWebSocket)
    station.wait(.seconds(1))
    #expect(station.errors(page) == [.notAdmitted] && station.closed[page] == .notAdmitted)
    let writer = station.connect(road: .plainWebSocket)
    station.send(.clientMessage("hello"), on: writer)
    #expect(station.errors(writer) == [.notAdmitted] && station.closed[writer] == .notAdmitted)
    #expect(station.rooms.counts.connections == 0)
  }

  @Test func `it keeps no place when its road breaks`() {
    let station = Station()
    let page = station.connect(road: .plainWebSocket)
    station.send(.clientMessage("hello"), on: page)
    station.lose(page)
    #expect(station.rooms.members(of: Station.hall).isEmpty)
  }

  @Test func `a guest's number is one that nobody has as a name`() throws {
    let station = Station()
    _ = station.enter("guest 1")
    let page = station.enter()
    #expect(try station.welcome(page).you.name == "Guest 2")
  }
}
