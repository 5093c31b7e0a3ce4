import Testing

@testable import Rooms

/// The voices of a room, as the mixer is told.
@Suite struct VoicesTests {
  private func voices(_ station: Station) -> [VoiceState]? { station.voices[Station.hall] }

  private func voice(_ station: Station, _ connection: Int) throws -> VoiceState {
    try #require(voices(station)?.first { $0.connection == ConnectionID(connection) })
  }

  @Test func `a talker has a voice from welcome on, unmuted and with gain riding`() throws {
    let station = Station()
    let ann = station.enter("Ann") { $0.sound = .opus }
    var expected = VoiceState(member: try station.id(ann), connection: ConnectionID(ann), form: .opus)
    #expect(voices(station) == [expected])
    station.send(.mute(true), on: ann)
    station.send(.programme(true), on: ann)
    station.send(.sound(.pcm16), on: ann)
    (expected.isMuted, expected.hearsProgramme, expected.form) = (true, true, .pcm16)
    #expect(voices(station) == [expected])
    station.send(.sound(nil), on: ann)
    #expect(try voice(station, ann).form == nil)
  }

  @Test func `a listener has a row only while sound is sent`() throws {
    let station = Station(open: .listener)
    let ann = station.enter("Ann") { $0.sound = .pcm16 }
    #expect(try !voice(station, ann).maySpeak)
    #expect(station.enter("Bob") > 0)
    #expect(voices(station)?.count == 1)
    station.send(.sound(nil), on: ann)
    #expect(voices(station) == [])
  }

  @Test func `hosts decide about speaking and gain`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    let annID = try station.id(ann)
    station.act(.mute(annID, true), on: host)
    #expect(try !voice(station, ann).maySpeak && voice(station, ann).isMuted)
    station.act(.mute(annID, false), on: host)
    #expect(try voice(station, ann).maySpeak && !voice(station, ann).isMuted)
    station.act(.gain(annID, false), on: host)
    #expect(try !voice(station, ann).ridesGain)
    #expect(station.log.last?.contains("switched gain riding off for talker Ann") == true)
    station.act(.role(annID, .listener), on: host)
    #expect(voices(station)?.map(\.connection) == [ConnectionID(host)])
    station.act(.gain(try station.id(host), false), on: ann)
    #expect(station.errors(ann) == [.notAllowed])
  }

  @Test func `only a WebSocket on which the page has said hello carries sound`() throws {
    let station = Station()
    for road in [Road.events, .longPolling] {
      let page = station.connect(road: road)
      var hello = Hello()
      hello.sound = .opus
      station.send(.hello(hello), on: page)
      #expect(try station.welcome(page).you.sound == nil)
    }
    let plain = station.connect(road: .plainWebSocket)
    station.send(.clientMessage("Hi"), on: plain)
    #expect(voices(station) == nil)
    let page = station.connect(road: .plainWebSocket)
    var hello = Hello()
    hello.sound = .pcm16
    station.send(.hello(hello), on: page)
    #expect(try station.welcome(page).you.sound == .pcm16)
    #expect(voices(station)?.map(\.connection) == [ConnectionID(page)])
  }

  @Test func `a server without voices sends none`() throws {
    let station = Station { $0.hasVoices = false }
    let ann = station.enter("Ann") { $0.sound = .opus }
    #expect(try station.welcome(ann).you.sound == nil && !station.welcome(ann).room.hasVoices)
    #expect(voices(station) == nil)
  }

  @Test func `the voices are empty when the room goes`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    station.lose(ann)
    #expect(voices(station) == [] && station.ended.isEmpty)
    let host = station.host()
    #expect(voices(station)?.count == 1)
    station.act(.close, on: host)
    #expect(voices(station) == [] && station.ended == ["hall"])
  }

  @Test func `a page that comes back begins without programme and with its new form`() throws {
    let station = Station()
    let ann = station.enter("Ann") { $0.sound = .opus }
    station.send(.programme(true), on: ann)
    let session = try station.welcome(ann).you.session
    let again = station.enter {
      $0.session = session
      $0.sound = .pcm16
    }
    #expect(try station.welcome(again).you.sound == .pcm16)
    #expect(try voice(station, again).form == .pcm16 && !voice(station, again).hearsProgramme)
    #expect(voices(station)?.count == 1)
  }

  @Test func `the delays of a page reach the mixer, at most once a second`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    station.wait(.seconds(2))
    station.send(.ping(PageDelays(rtt: 40, capture: 30, playback: 50)), on: ann)
    #expect(try voice(station, ann).uplinkDelay == 50 && voice(station, ann).downlinkDelay == 70)
    station.send(.ping(PageDelays(rtt: 60)), on: ann)
    #expect(try voice(station, ann).uplinkDelay == 50)
    station.wait(.seconds(1))
    station.send(.ping(PageDelays(rtt: 80)), on: ann)
    #expect(try voice(station, ann).uplinkDelay == 70)
    station.send(.ping(PageDelays(rtt: .max, capture: .min)), on: ann)
    station.wait(.seconds(1))
    station.send(.ping(PageDelays()), on: ann)
    #expect(try voice(station, ann).uplinkDelay == 5000)
    // Anything else is told at once, with the delays of the moment.
    station.send(.ping(PageDelays(rtt: 0, capture: 7)), on: ann)
    station.send(.mute(true), on: ann)
    #expect(try voice(station, ann).uplinkDelay == 7)
  }

  @Test func `the levels reach the members who are sent sound`() throws {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob") { $0.sound = .opus })
    let report = VoiceReport(member: try station.id(ann), level: -20, delay: 60)
    station.give(.heard(Station.hall, [report, VoiceReport(member: MemberID(1)!, level: 0, delay: 0)]))
    #expect(station.inbox(bob).last == .voices([report]))
    #expect(!station.inbox(ann).contains { $0.type == "voices" })
    station.send(.mute(true), on: ann)
    _ = station.read(bob)
    station.give(.heard(Station.hall, [report]))
    #expect(!station.inbox(bob).contains { $0.type == "voices" })
  }

  @Test func `an echo is told to the talker and the hosts, at most once in half a minute`() throws {
    let station = Station()
    let (host, ann, bob) = (station.host(), station.enter("Ann"), station.enter("Bob"))
    let annID = try station.id(ann)
    func echoes(_ connection: Int) -> Int { station.inbox(connection).count { $0 == .echo(annID) } }
    station.give(.echo(Station.hall, annID))
    station.give(.echo(Station.hall, annID))
    #expect([host, ann, bob].map(echoes) == [1, 1, 0])
    station.wait(.seconds(30))
    station.give(.echo(Station.hall, annID))
    #expect(echoes(ann) == 2)
    station.give(.echo(Station.hall, MemberID(1)!))
  }

  @Test(arguments: [#"{"type":"hello","sound":"mp3"}"#, #"{"type":"sound","form":1}"#, #"{"type":"sound"}"#])
  func `another form of sound is refused`(text: String) {
    let error = #expect(throws: RoomError.self) { try ClientMessage(Array(text.utf8)) }
    #expect(error?.code == .badMessage)
  }
}
