import Core
import Testing

@testable import Rooms

@Suite struct CallTests {
  private func offer(_ text: String) -> Signal { Signal(.offer, JSONFields([("sdp", .string(text))])) }

  private func signals(_ station: Station, _ connection: Int) -> [ServerMessage] {
    station.inbox(connection).filter { $0.type == "signal" }
  }

  @Test func `a signal reaches one member only`() throws {
    let station = Station()
    let (ann, bob, eve) = (station.enter("Ann"), station.enter("Bob"), station.enter("Eve"))
    station.send(.signal(offer("a"), to: try station.id(bob)), on: ann)
    let from = try station.id(ann)
    #expect(signals(station, bob) == [.signal(offer("a"), from: from)])
    #expect(
      signals(station, bob).map(\.text) == [#"{"type":"signal","from":\#(from.number),"kind":"offer","sdp":"a"}"#])
    #expect(signals(station, ann).isEmpty && signals(station, eve).isEmpty && station.published.isEmpty)
  }

  @Test func `a signal stays in the room`() throws {
    let station = Station()
    let (ann, far) = (station.enter("Ann"), station.enter("Far", to: RoomName("cellar")!))
    station.send(.signal(offer("a"), to: try station.id(far)), on: ann)
    #expect(station.errors(ann) == [.noSuchMember] && signals(station, far).isEmpty)
  }

  @Test func `a listener sends no signals and joins no call`() throws {
    let station = Station(open: .listener, hasCalls: true)
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    station.send(.signal(offer("a"), to: try station.id(bob)), on: ann)
    station.send(.call(CallWish(isOn: true)), on: ann)
    #expect(station.errors(ann) == [.notAllowed, .notAllowed])
  }

  @Test func `four members call, and no fifth`() throws {
    let station = Station(hasCalls: true)
    let pages = (0..<5).map { station.enter("Page \($0)") }
    let ids = try pages.map { try station.id($0) }
    for page in pages { station.send(.call(CallWish(isOn: true, camera: true)), on: page) }
    #expect(station.errors(pages[4]) == [.callFull])
    #expect((0..<4).map { station.callAnswers[pages[$0]]?.members } == (0..<4).map { Array(ids[0...$0]) })
    #expect(try station.member("Page 0").call == CallState(camera: true, microphone: false))
    #expect(try station.member("Page 4").call == nil)
    station.send(.call(CallWish(isOn: false)), on: pages[1])
    station.send(.call(CallWish(isOn: true)), on: pages[4])
    #expect(station.callAnswers[pages[4]]?.members == [ids[0], ids[2], ids[3], ids[4]])
  }

  @Test func `a device goes on and off during the call`() throws {
    let station = Station(hasCalls: true)
    let ann = station.enter("Ann")
    station.send(.call(CallWish(isOn: true, camera: true, microphone: true)), on: ann)
    station.send(.call(CallWish(isOn: true, camera: false)), on: ann)
    #expect(try station.member("Ann").call == CallState(camera: false, microphone: true))
  }

  @Test func `without calls nobody joins one`() {
    let station = Station(hasCalls: false)
    let ann = station.enter("Ann")
    station.send(.call(CallWish(isOn: true)), on: ann)
    #expect(station.errors(ann) == [.noCalls] && station.callAnswers.isEmpty)
  }

  @Test func `a call survives the reconnect of a member, and signals wait`() throws {
    let station = Station(hasCalls: true)
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    let (annID, bobID) = (try station.id(ann), try station.id(bob))
    let session = try station.welcome(ann).you.session
    for page in [ann, bob] { station.send(.call(CallWish(isOn: true)), on: page) }
    station.lose(ann)
    for number in 0..<(RoomsLimits.waitingSignals + 2) {
      station.send(.signal(offer("\(number)"), to: annID), on: bob)
    }
    station.wait(.seconds(29))
    let again = station.enter { $0.session = session }
    #expect(try station.welcome(again).members.filter { $0.call != nil }.map(\.id) == [annID, bobID])
    #expect(
      signals(station, again)
        == (2..<(RoomsLimits.waitingSignals + 2)).map { .signal(offer("\($0)"), from: bobID) })
    #expect(station.inbox(again)[0].type == "welcome")
    // They come once.
    station.lose(again)
    let third = station.enter { $0.session = session }
    #expect(signals(station, third).isEmpty)
  }

  @Test func `the call ends for a member who is gone, or is made a listener`() throws {
    let station = Station(hasCalls: true)
    let (host, ann, bob) = (station.host(), station.enter("Ann"), station.enter("Bob"))
    for page in [ann, bob] { station.send(.call(CallWish(isOn: true)), on: page) }
    station.act(.role(try station.id(bob), .listener), on: host)
    #expect(try station.member("Bob").call == nil)
    station.lose(ann)
    station.wait(.seconds(30))
    #expect(station.rooms.members(of: Station.hall).allSatisfy { $0.call == nil })
  }

  @Test func `the candidates of a call come in crowds, and chat passes beside them`() throws {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    let id = try station.id(bob)
    for number in 0..<200 { station.send(.signal(offer("\(number)"), to: id), on: ann) }
    station.chat("hi", on: ann)
    #expect(signals(station, bob).count == 200 && station.texts(bob) == ["hi"] && station.errors(ann).isEmpty)
    for number in 0..<100 { station.send(.signal(offer("\(number)"), to: id), on: ann) }
    #expect(signals(station, bob).count < 220 && station.errors(ann).contains(.tooFast))
  }
}
