import Core
import Testing

@testable import Rooms

/// The rules about the member whose pictures are shown.
@Suite struct ShownTests {
  /// A room that is the source of a stream.
  private let station = Station { $0.streams.sourceOf[Station.hall] = ["live"] }

  /// The members whose pictures the stream shows, as the mixer's side is told.
  private var shown: [ConnectionID] {
    (station.voices[Station.hall] ?? []).filter(\.isShown).map(\.connection)
  }

  @Test func `a member is shown who is on the air and agrees, in any order`() throws {
    let host = station.host()
    station.send(.show(true), on: host)
    #expect(try shown.isEmpty && !station.member("Host").isShown)
    station.send(.agree(true), on: host)
    #expect(try shown == [ConnectionID(host)] && station.member("Host").isShown)
    station.send(.show(false), on: host)
    #expect(try shown.isEmpty && station.member("Host").isOnAir)
    #expect(station.log.count { $0.hasSuffix("agreed to be shown") } == 1)
  }

  @Test func `the agreement ends with the place on the air`() throws {
    let host = station.host()
    for leave in [ClientMessage.agree(false), .host(.air(try station.id(host), false))] {
      station.send(.agree(true), on: host)
      station.send(.show(true), on: host)
      #expect(shown == [ConnectionID(host)])
      station.send(leave, on: host)
      station.send(.agree(true), on: host)
      #expect(try shown.isEmpty && station.member("Host").isOnAir)
    }
  }

  /// A host and a guest who are on the air and agree to be shown. The guest agreed first.
  private func two() throws -> (host: Int, guest: Int) {
    let (host, guest) = (station.host(), station.enter("Ann"))
    station.act(.air(try station.id(guest), true), on: host)
    for member in [guest, host] {
      station.send(.agree(true), on: member)
      station.send(.show(true), on: member)
    }
    return (host, guest)
  }

  private func pictures(_ member: Int, _ isOn: Bool) {
    station.give(.pictures(Station.hall, ConnectionID(member), isOn))
  }

  @Test func `of several members who agree, the one who was shown first stays, and all are told that one`() throws {
    let (host, guest) = try two()
    #expect(try shown == [ConnectionID(guest)] && station.member("Ann").isShown && !station.member("Host").isShown)
    station.send(.show(false), on: guest)
    #expect(try shown == [ConnectionID(host)] && !station.member("Ann").isShown && station.member("Host").isShown)
  }

  @Test func `a member who sends no pictures gives way to one who sends some, and to nobody else`() throws {
    let (host, guest) = try two()
    pictures(host, true)
    #expect(shown == [ConnectionID(host)])
    pictures(guest, true)
    #expect(shown == [ConnectionID(host)])
    pictures(host, false)
    #expect(shown == [ConnectionID(guest)])
    pictures(guest, false)
    #expect(shown == [ConnectionID(guest)])
  }

  @Test func `the agreement ends with the road, whether the road breaks or another page takes its place`() throws {
    for isBroken in [true, false] {
      let (host, guest) = try two()
      let session = try station.welcome(guest).you.session
      if isBroken {
        station.give(.disconnected(ConnectionID(guest)))
        #expect(try shown == [ConnectionID(host)] && station.member("Ann").isOnAir)
      }
      let page = station.enter { $0.session = session }
      #expect(try shown == [ConnectionID(host)] && station.member("Ann").isOnAir)
      station.send(.show(false), on: host)
      #expect(shown.isEmpty)
      station.send(.show(true), on: page)
      #expect(shown == [ConnectionID(page)])
      for member in [host, page] { station.send(.leave, on: member) }
    }
  }

  @Test func `a listener cannot agree`() {
    let station = Station {
      $0.streams.sourceOf[Station.hall] = ["live"]
      $0.openRole = .listener
    }
    let listener = station.enter("Ann")
    station.send(.show(true), on: listener)
    #expect(station.errors(listener) == [.notAllowed])
  }

  @Test func `only the members who are shown have the field`() throws {
    let host = station.host()
    station.send(.agree(true), on: host)
    #expect(try !station.member("Host").json.text.contains("shown"))
    station.send(.show(true), on: host)
    let member = try station.member("Host")
    #expect(member.json.text.hasSuffix(#","shown":true}"#))
    #expect(try MemberState(JSON(Array(member.json.text.utf8))) == member)
  }
}
