import Rooms
import Testing

@testable import CommandLineInterface
@testable import Live

@Suite struct RoomFlagsTests {
  private func settings(_ arguments: [String], file: String = "") throws -> StationSettings {
    guard case .run(let settings) = try Options.parse(arguments, read: { _ in file }) else {
      throw InvalidInput("the command line", nil, "it must ask for a run")
    }
    return settings
  }

  private func settings(file: String, _ arguments: [String] = []) throws -> StationSettings {
    try settings(arguments + ["--config", "a.conf"], file: file)
  }

  private func refusal(_ arguments: [String], file: String = "") -> String? {
    (#expect(throws: InvalidInput.self) { try settings(arguments, file: file) })?.asTyped
  }

  @Test func `a station has no rooms unless a flag or a section switches them on`() throws {
    #expect(try settings([]).rooms == nil)
    #expect(try settings(["--rooms"]).rooms == RoomSettings())
    #expect(try settings(file: "rooms").rooms == RoomSettings())
    #expect(try settings(file: "[rooms]").rooms == RoomSettings())
  }

  @Test func `without flags of their own the rooms have their defaults`() throws {
    let rooms = try #require(try settings(["--rooms"]).rooms)
    #expect(rooms.openRole == nil && rooms.inviteKeyFile == nil && !rooms.keepsHistory)
    #expect(rooms.maxRooms == 64 && rooms.maxMembers == 50)
    #expect(rooms.messageRate == 20 && rooms.longestMessage == 16_384)
    #expect(!rooms.hasCalls && rooms.iceServers == [] && rooms.iceSecretFile == nil)
  }

  @Test func `the flags set the rooms, whatever their order`() throws {
    let settings = try settings([
      "--room-open", "talker", "--stream-room", "--invite-key-file=key", "--room-history", "--max-rooms", "3",
      "--max-members", "200", "--room-rate", "50", "--room-message", "64k", "--room-calls", "--ice-server",
      "stun:stun.example", "--ice-server=turn:turn.example:3478?transport=udp", "--ice-secret-file", "secret",
      "--rooms",
    ])
    let rooms = try #require(settings.rooms)
    #expect(rooms.openRole == .talker && rooms.inviteKeyFile == "key" && rooms.keepsHistory)
    #expect(rooms.maxRooms == 3 && rooms.maxMembers == 200)
    #expect(rooms.messageRate == 50 && rooms.longestMessage == 65_536)
    #expect(rooms.hasCalls && rooms.iceSecretFile == "secret")
    #expect(rooms.iceServers.map(\.url) == ["stun:stun.example", "turn:turn.example:3478?transport=udp"])
    #expect(settings.streams[0].hasRoom)
  }

  @Test func `a section holds the settings of the rooms, and the command line wins`() throws {
    let file = """
      max-rooms = 7
      [stream hall]
      source = tone
      stream-room
      [rooms]
      room-open = listener
      room-message = 2000
      max-members = 9
      [stream bar]
      source = tone
      """
    let settings = try settings(file: file, ["--max-members", "10"])
    let rooms = try #require(settings.rooms)
    #expect(rooms.openRole == .listener && rooms.longestMessage == 2000)
    #expect(rooms.maxRooms == 7 && rooms.maxMembers == 10)
    #expect(settings.streams.map(\.name.text) == ["hall", "bar"])
    #expect(settings.streams.map(\.hasRoom) == [true, false])
  }

  @Test func `a server for calls that is named for two streams counts once`() throws {
    let file = "[stream a]\n[stream b]\n[rooms]\nroom-calls"
    let rooms = try #require(try settings(file: file, ["--ice-server", "stun:a.example"]).rooms)
    #expect(rooms.iceServers.count == 1)
  }

  @Test(arguments: [
    (
      ["--room-open", "talker"], "--room-open talker: it needs --rooms, or a section [rooms] in the configuration file"
    ),
    (["--room-calls"], "--room-calls: it needs --rooms, or a section [rooms] in the configuration file"),
    (["--stream-room"], "--stream-room: it needs --rooms, or a section [rooms] in the configuration file"),
    (["--rooms=yes"], "--rooms=yes: it takes no value"),
    (["--rooms", "--room-open", "host"], "--room-open host: it must be listener or talker"),
    (["--rooms", "--max-rooms", "0"], "--max-rooms 0: it must be a whole number from 1 to 10000"),
    (["--rooms", "--max-members", "1"], "--max-members 1: it must be a whole number from 2 to 1000"),
    (["--rooms", "--room-rate", "0"], "--room-rate 0: it must be a whole number from 1 to 1000"),
    (
      ["--rooms", "--room-message", "1023"],
      "--room-message 1023: it must be a number of bytes from 1k to 64k, such as 16k"
    ),
    (
      ["--rooms", "--room-message", "65k"],
      "--room-message 65k: it must be a number of bytes from 1k to 64k, such as 16k"
    ),
    (
      ["--rooms", "--room-message", "k"], "--room-message k: it must be a number of bytes from 1k to 64k, such as 16k"
    ),
    (
      ["--rooms", "--invite-key-file", "~/key"],
      "--invite-key-file ~/key: it must not begin with ~, which only a shell replaces; write the whole path, or ./~ for a"
        + " file named so"
    ),
    (
      ["--rooms", "--ice-server", "http://a.example"],
      "--ice-server http://a.example: it must be stun:HOST, stuns:HOST, turn:HOST or turns:HOST, such as"
        + " stun:stun.example:3478"
    ),
    (["--rooms", "--ice-server", "stun:a.example"], "--ice-server stun:a.example: it needs --room-calls"),
    (
      ["--rooms", "--room-calls", "--ice-server", "turn:a.example"],
      "--ice-server turn:a.example: a TURN server needs --ice-secret-file PATH"
    ),
    (
      ["--rooms", "--room-calls", "--ice-server", "stun:a.example", "--ice-secret-file", "secret"],
      "--ice-secret-file secret: it needs a TURN server, --ice-server turn:HOST"
    ),
    (["--role", "host"], "--role host: it needs --invite ROOM"),
    (["--expires", "2h"], "--expires 2h: it needs --invite ROOM"),
    (
      ["--invite", "the studio"],
      "--invite the studio: the name of a room must be 1 to 64 of a to z, 0 to 9, - and _, begin with a letter or a digit,"
        + " and be none of index, list, room"
    ),
    (["--invite", "studio", "--role", "operator"], "--role operator: it must be listener, talker or host"),
    (
      ["--invite", "studio", "--expires", "2"],
      "--expires 2: it must be a whole number of s, m, h or d, up to 365d, such as 2h"
    ),
  ])
  func `a mistake names the flag, the value and the rule`(arguments: [String], message: String) {
    #expect(refusal(arguments) == message)
  }

  @Test(arguments: [
    (
      "room-open = talker",
      "a.conf:1: room-open talker: it needs --rooms, or a section [rooms] in the configuration file"
    ),
    ("[rooms]\nmax-rooms = x", "a.conf:2: max-rooms x: it must be a whole number from 1 to 10000"),
    ("[rooms]\nopen = talker", "a.conf:2: open: there is no such option (did you mean room-open?)"),
    ("[rooms]\n\n[rooms]", "a.conf:3: [rooms]: the file must have this section once, and has it at a.conf:1"),
    ("[rooms]\ninvite = a", "a.conf:2: invite: it belongs on the command line"),
    (
      "[rooms]\nport = 80",
      "a.conf:2: port: it is a setting of the whole station, and must stand before the first section"
    ),
    (
      "[rooms]\nstream-room",
      "a.conf:2: stream-room: it is a setting of a stream, and must stand in [stream NAME] or before the first section"
    ),
    (
      "[stream a]\nroom-history",
      "a.conf:2: room-history: it is a setting of the rooms, and must stand in [rooms] or before the first section"
    ),
    (
      "[stream a]\n[stream b]\nstream-room",
      "stream b: --stream-room: it needs --rooms, or a section [rooms] in the configuration file"
    ),
  ])
  func `a mistake in a file names its line too`(file: String, message: String) {
    #expect(refusal(["--config", "a.conf"], file: file) == message)
  }

  private func invite(_ arguments: [String], file: String = "") throws -> InviteCommand {
    guard case .invite(let command, _) = try Options.parse(arguments, read: { _ in file }) else {
      throw InvalidInput("the command line", nil, "it must ask for an invite")
    }
    return command
  }

  @Test func `an invite has a room, a role and a time`() throws {
    let command = try invite(["--invite", "studio"])
    #expect(command.room.text == "studio" && command.role == .talker && command.lifetime == .seconds(86_400))
    let other = try invite(["--invite", "live", "--role", "host", "--expires", "2h"])
    #expect(other.room.text == "live" && other.role == .host && other.lifetime == .seconds(7200))
  }

  @Test(arguments: [
    ("1s", 1), ("90s", 90), ("30m", 1800), ("24h", 86_400), ("7d", 604_800), ("365d", 31_536_000),
    ("8760h", 31_536_000),
  ])
  func `the time of an invite has a unit`(text: String, seconds: Int) throws {
    #expect(try invite(["--invite", "a", "--expires", text]).lifetime == .seconds(seconds))
  }

  @Test(arguments: ["", "h", "0h", "-1h", "1.5h", "2w", "2 h", "366d", "8761h", "99999999999999999999s"])
  func `another time is refused`(text: String) {
    let message = refusal(["--invite", "a", "--expires", text])
    #expect(message == "--expires \(text): it must be a whole number of s, m, h or d, up to 365d, such as 2h")
  }

  @Test func `an invite takes the settings of the file, where the rooms may be off`() throws {
    let arguments = ["--invite", "a", "--config", "x", "--invite-key-file", "key"]
    guard case .invite(_, let settings) = try Options.parse(arguments, read: { _ in "port = 81" }) else {
      return #expect(Bool(false))
    }
    #expect(settings.endpoints.port == 81 && settings.rooms?.inviteKeyFile == "key")
  }
}
