import Core
import Testing

@testable import Rooms

/// The rules about the members on the air.
@Suite struct AirTests {
  /// A room that is the source of a stream, with a host and a talker.
  private struct Pages {
    let station: Station
    let host: Int
    let ann: Int
    let annID: MemberID

    init(_ change: (inout RoomsSettings) -> Void = { $0.streams.sourceOf[Station.hall] = ["live"] }) throws {
      station = Station(change)
      (host, ann) = (station.host(), station.enter("Ann"))
      annID = try station.id(ann)
    }

    func air(_ isOn: Bool) { station.act(.air(annID, isOn), on: host) }
    func agree(_ isOn: Bool) { station.send(.agree(isOn), on: ann) }

    var airs: [AirState] { station.inbox(host).compactMap { if case .air(let air) = $0 { air } else { nil } } }
    var requests: [ServerMessage] { station.inbox(ann).filter { $0.type == "air_request" } }
    func annIsOnAir() throws -> Bool { try station.member("Ann").isOnAir }
    var voice: VoiceState? { station.voices[Station.hall]?.first { $0.member == annID } }
  }

  @Test func `a talker is on the air the moment the asked talker agrees`() throws {
    let pages = try Pages()
    pages.air(true)
    #expect(pages.requests == [.airRequest(by: "Host")] && pages.airs.isEmpty)
    #expect(try !pages.annIsOnAir())
    pages.agree(true)
    #expect(try pages.annIsOnAir() && pages.station.member("Ann").hasAgreed)
    #expect(pages.voice?.isOnAir == true)
    #expect(pages.airs.map(\.isOn) == [true] && pages.airs.last?.members == [pages.annID])
    #expect(pages.station.rooms.state(of: Station.hall)?.isOnAir == true)
    let host = try pages.station.id(pages.host).number
    #expect(
      pages.station.log == [
        "room hall: host Host (member \(host)) asked talker Ann (member \(pages.annID.number)) to be on the air",
        """
        room hall: talker Ann (member \(pages.annID.number)) agreed to be on the air, as host Host (member \(host)) \
        has asked
        """,
      ])
  }

  @Test func `a talker who has agreed before is on the air at once`() throws {
    let pages = try Pages()
    pages.agree(true)
    #expect(try !pages.annIsOnAir() && pages.station.member("Ann").hasAgreed && pages.airs.isEmpty)
    pages.air(true)
    #expect(try pages.annIsOnAir())
    #expect(pages.requests.isEmpty)
    #expect(pages.station.log.last?.hasSuffix("put talker Ann (member \(pages.annID.number)) on the air") == true)
  }

  @Test func `a host who agrees is on the air, by agree as by air`() throws {
    let pages = try Pages()
    pages.station.send(.agree(true), on: pages.host)
    #expect(try pages.station.member("Host").isOnAir)
    pages.station.send(.agree(false), on: pages.host)
    #expect(try !pages.station.member("Host").isOnAir && !pages.station.member("Host").hasAgreed)
    pages.station.act(.air(try pages.station.id(pages.host), true), on: pages.host)
    #expect(try pages.station.member("Host").isOnAir)
  }

  @Test func `consent that is taken back is off the air at once, and does not come back with another consent`() throws {
    let pages = try Pages()
    pages.air(true)
    pages.agree(true)
    pages.agree(false)
    #expect(try !pages.annIsOnAir())
    #expect(pages.airs.last?.isOn == false && pages.airs.last?.members == [])
    #expect(pages.voice?.isOnAir == false)
    pages.agree(true)
    #expect(try !pages.annIsOnAir())
  }

  @Test func `a refusal ends the request`() throws {
    let pages = try Pages()
    pages.air(true)
    pages.agree(false)
    #expect(pages.station.log.last?.contains("refused to be on the air") == true)
    pages.agree(true)
    #expect(try !pages.annIsOnAir())
  }

  @Test func `a host takes a talker off the air at once; the consent stays`() throws {
    let pages = try Pages()
    pages.air(true)
    pages.agree(true)
    pages.air(false)
    #expect(try !pages.annIsOnAir() && pages.station.member("Ann").hasAgreed)
    #expect(pages.station.log.last?.contains("took talker Ann") == true)
    pages.air(true)
    #expect(try pages.annIsOnAir())
  }

  @Test func `a request that a host takes back gives no place`() throws {
    let pages = try Pages()
    pages.air(true)
    pages.air(false)
    pages.agree(true)
    #expect(try !pages.annIsOnAir())
  }

  @Test func `the role, a removal, a ban and leaving end the place`() throws {
    let actions: [(MemberID) -> HostAction?] = [{ .role($0, .listener) }, { .remove($0) }, { .ban($0) }, { _ in nil }]
    for action in actions {
      let pages = try Pages()
      pages.air(true)
      pages.agree(true)
      if let action = action(pages.annID) {
        pages.station.act(action, on: pages.host)
      } else {
        pages.station.send(.leave, on: pages.ann)
      }
      #expect(pages.airs.last?.members == [])
      #expect(pages.voice?.isOnAir != true)
      #expect(pages.station.log.last { $0.contains("left the air") } != nil)
    }
  }

  @Test func `a muted member stays on the air`() throws {
    let pages = try Pages()
    pages.air(true)
    pages.agree(true)
    pages.station.send(.mute(true), on: pages.ann)
    #expect(try pages.annIsOnAir())
    #expect(pages.voice?.isMuted == true && pages.voice?.isOnAir == true)
    pages.station.act(.mute(pages.annID, true), on: pages.host)
    #expect(try pages.annIsOnAir())
    #expect(pages.voice?.maySpeak == false && pages.voice?.isOnAir == true)
  }

  @Test func `a road that comes back keeps the place; one that does not loses it`() throws {
    let pages = try Pages()
    pages.air(true)
    pages.agree(true)
    let session = try pages.station.welcome(pages.ann).you.session
    pages.station.lose(pages.ann)
    pages.station.wait(.seconds(29))
    #expect(try pages.annIsOnAir())
    #expect(pages.voice == nil)
    let again = pages.station.enter { $0.session = session }
    #expect(pages.voice?.isOnAir == true && pages.voice?.connection == ConnectionID(again))
    pages.station.lose(again)
    pages.station.wait(.seconds(31))
    #expect(pages.airs.last?.members == [] && pages.airs.count == 2)
  }

  @Test func `a page that was loaded again gets the request again`() throws {
    let pages = try Pages()
    pages.air(true)
    let session = try pages.station.welcome(pages.ann).you.session
    let again = pages.station.enter { $0.session = session }
    #expect(pages.station.inbox(again).contains(.airRequest(by: "Host")))
    pages.station.send(.agree(true), on: again)
    #expect(try pages.annIsOnAir())
  }

  @Test func `a restart takes everybody off the air, and the own agreement of a host is enough to be back`() throws {
    let before = try Pages()
    before.air(true)
    before.agree(true)
    before.station.send(.agree(true), on: before.host)
    let annSession = try before.station.welcome(before.ann).you.session
    let hostSession = try before.station.welcome(before.host).you.session
    let start = WallTime(microseconds: before.station.now.wall.microseconds + 1_000_000)
    let after = Station(at: start, seed: 2) { $0.streams.sourceOf[Station.hall] = ["live"] }
    let ann = after.enter { $0.session = annSession }
    let invite = after.invite(.host)
    let host = after.enter {
      $0.session = hostSession
      $0.invite = invite
    }
    #expect(try !after.member("Ann").isOnAir && !after.member("Ann").hasAgreed && !after.member("Host").isOnAir)
    after.send(.agree(true), on: ann)
    after.send(.agree(true), on: host)
    #expect(try !after.member("Ann").isOnAir && after.member("Host").isOnAir)
    after.act(.air(try after.id(ann), true), on: host)
    #expect(try after.member("Ann").isOnAir)
  }

  /// - Parameter names: of the streams whose source is the hall.
  private static func streams(_ names: String...) -> RoomStreams {
    var streams = RoomStreams()
    if !names.isEmpty { streams.sourceOf[Station.hall] = names }
    return streams
  }

  @Test func `the members on the air stay there as long as a stream takes the sound of the room`() throws {
    let pages = try Pages()
    pages.air(true)
    pages.agree(true)
    let count = pages.airs.count
    for streams in [Self.streams("live"), Self.streams("live", "tower"), Self.streams("tower")] {
      pages.station.give(.streams(streams))
      #expect(try pages.annIsOnAir() && pages.voice?.isOnAir == true)
    }
    #expect(pages.airs.count == count)
    let told = pages.station.inbox(pages.ann).compactMap { if case .room(let room) = $0 { room.sourceOf } else { nil } }
    #expect(told == [["live", "tower"], ["tower"]])
  }

  @Test func `the agreements and the requests end with the last stream of the room`() throws {
    let pages = try Pages()
    let bob = pages.station.enter("Bob")
    pages.air(true)
    pages.agree(true)
    pages.station.send(.show(true), on: pages.ann)
    pages.station.act(.air(try pages.station.id(bob), true), on: pages.host)
    pages.station.give(.streams(Self.streams()))
    #expect(try !pages.annIsOnAir() && !pages.station.member("Ann").hasAgreed && pages.voice?.isOnAir == false)
    #expect(pages.airs.last?.isOn == false && pages.airs.last?.members == [])
    #expect(pages.station.log.last?.contains("is off the air, because no stream takes the sound") == true)
    pages.station.give(.streams(Self.streams("live")))
    pages.station.send(.agree(true), on: bob)
    #expect(try !pages.annIsOnAir() && !pages.station.member("Bob").isOnAir)
    pages.agree(true)
    #expect(try !pages.annIsOnAir())
    pages.air(true)
    #expect(try pages.annIsOnAir())
  }

  @Test func `nobody is on the air in a room that is no source`() throws {
    let pages = try Pages { _ in }
    pages.agree(true)
    #expect(pages.station.errors(pages.ann) == [.noStream])
    pages.air(true)
    pages.station.send(.agree(true), on: pages.host)
    #expect(pages.station.errors(pages.host) == [.noStream, .noStream])
    // A stream that comes later puts nobody on the air.
    pages.station.give(.streams(Self.streams("live")))
    #expect(pages.airs.isEmpty)
    #expect(try !pages.station.member("Ann").hasAgreed && !pages.station.member("Host").hasAgreed)
    pages.agree(true)
    pages.air(true)
    #expect(try pages.annIsOnAir())
    pages.station.give(.streams(Self.streams()))
    #expect(pages.airs.last?.isOn == false && pages.airs.last?.members == [])
    #expect(try !pages.annIsOnAir())
  }

  @Test func `the shell may tell the source before the room is there`() throws {
    let station = Station()
    station.give(.streams(Self.streams("live")))
    let host = station.host()
    station.send(.agree(true), on: host)
    #expect(try station.member("Host").isOnAir)
  }

  @Test func `a listener is not on the air, and talkers put nobody there`() throws {
    let station = Station(open: .listener) { $0.streams.sourceOf[Station.hall] = ["live"] }
    let (host, ann) = (station.host(), station.enter("Ann"))
    let annID = try station.id(ann)
    station.send(.agree(true), on: ann)
    station.act(.air(annID, true), on: ann)
    #expect(station.errors(ann) == [.notAllowed, .notAllowed])
    station.act(.air(annID, true), on: host)
    #expect(station.errors(host) == [.notAllowed])
  }

  @Test func `an operator puts talkers on the air over HTTP, and no host acts on an operator`() throws {
    let pages = try Pages()
    let request = RoomsRequest.action(.air(pages.annID, true))
    #expect(pages.station.request(request, .operator) == .done)
    #expect(pages.requests == [.airRequest(by: "An operator")])
    let chief = pages.station.enter("Chief", .operator)
    pages.station.act(.air(try pages.station.id(chief), true), on: pages.host)
    #expect(pages.station.errors(pages.host) == [.notAllowed])
  }

  @Test func `a welcome tells the streams and the members on the air`() throws {
    let pages = try Pages()
    pages.air(true)
    pages.agree(true)
    let welcome = try pages.station.welcome(pages.station.enter("Late"))
    #expect(welcome.room.sourceOf == ["live"] && welcome.room.isOnAir)
    #expect(welcome.members.filter(\.isOnAir).map(\.id) == [pages.annID])
  }
}
