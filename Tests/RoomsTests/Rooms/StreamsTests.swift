import Core
import Testing

@testable import Rooms

/// The streams of the station change while there are rooms.
@Suite struct StreamsTests {
  private func named(admitsListeners: Bool) -> RoomStreams {
    var streams = RoomStreams()
    streams.named[Station.hall] = StreamRoom(admitsListeners: admitsListeners)
    return streams
  }

  @Test func `the room of a stream lets in whoever may listen, from the change on`() throws {
    let station = Station(open: nil)
    let before = station.enter("Ann", Credentials(mayListen: true))
    #expect(station.errors(before) == [.notAdmitted])
    station.give(.streams(named(admitsListeners: true)))
    let after = station.enter("Ann", Credentials(mayListen: true))
    #expect(try station.welcome(after).room.stream == "hall")
    #expect(station.errors(station.enter("Bob", Credentials(mayListen: false))) == [.notAdmitted])
  }

  @Test func `the members stay when the stream of the room goes, and see that it has gone`() throws {
    let station = Station(open: nil) { $0.streams = named(admitsListeners: true) }
    let ann = station.enter("Ann", Credentials(mayListen: true))
    station.give(.streams(RoomStreams()))
    #expect(station.closed[ann] == nil)
    let rooms = station.inbox(ann).compactMap { if case .room(let room) = $0 { room } else { nil } }
    #expect(rooms.map(\.stream) == [nil])
    #expect(station.errors(station.enter("Bob", Credentials(mayListen: true))) == [.notAdmitted])
  }

  @Test func `the tokens of a stream that has gone guard its room, and nobody comes in as a listener of the stream`() {
    var gone = RoomStreams()
    gone.guarded = [Station.hall]
    for (open, errors) in [(Role.talker, [[], [.notAdmitted]]), (nil, [[.notAdmitted], [.notAdmitted]])]
      as [(Role?, [[ErrorCode]])]
    {
      let station = Station(open: open) { $0.streams = named(admitsListeners: true) }
      station.give(.streams(gone))
      let found = [true, false].map { station.errors(station.enter(nil, Credentials(mayListen: $0))) }
      #expect(found == errors)
    }
  }

  @Test func `a message has no position in a stream of before`() throws {
    let station = Station { $0.streams = named(admitsListeners: false) }
    let ann = station.enter("Ann", Credentials(mayListen: true))
    func position(ofChat text: String) throws -> StreamPosition? {
      station.send(.chat(text: text, nonce: nil), on: ann)
      return try #require(station.published.last?.stamp).position
    }
    let anchor = StreamAnchor(monotonic: station.now.monotonic, sample: 48_000, date: station.now.wall, rate: 48_000)
    station.give(.anchor(Station.hall, anchor))
    #expect(try position(ofChat: "A")?.sample == 48_000)
    station.give(.streams(named(admitsListeners: false)))
    #expect(try position(ofChat: "B") == nil)
    station.give(.anchor(Station.hall, anchor))
    #expect(try position(ofChat: "C")?.sample == 48_000)
  }

  @Test func `the list of rooms is told again where other rooms have the name of a stream`() {
    let station = Station()
    _ = station.enter("Ann")
    station.wait(.seconds(2))
    let count = station.listChanges.count
    station.give(.streams(RoomStreams()))
    #expect(station.listChanges.count == count)
    station.give(.streams(named(admitsListeners: true)))
    #expect(station.listChanges.count == count + 1)
  }
}
