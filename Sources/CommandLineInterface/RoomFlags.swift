import Core
import Live

extension Flag {
  private static let defaults = RoomSettings()

  /// The flags of the rooms, in the order of `--help`.
  static let rooms: [Flag] = [
    .station(
      "rooms", .rooms, nil, "serve rooms, where people chat and call each other, at /rooms/; default no rooms"
    ) { _, station in
      if station.rooms == nil { station.rooms = RoomSettings() }
    },
    .rooms("room-open", "ROLE", "let anybody in without an invite, as listener or talker; default nobody") {
      (value, rooms) throws(Rule) in
      guard let role = RoomSettings.OpenRole(rawValue: value) else {
        throw Rule("it must be \(list(RoomSettings.OpenRole.allCases.map(\.rawValue)))")
      }
      rooms.openRole = role
    },
    .stream(
      "stream-room", .rooms, nil,
      "show the room with the stream's name beside the player, and let the stream's listeners in"
    ) { _, stream in stream.hasRoom = true },
    .rooms(
      "invite-key-file", "PATH",
      "key that signs the invites; made if missing; default the file invite-key in --sound-dir"
    ) { (value, rooms) throws(Rule) in rooms.inviteKeyFile = try path(value) },
    .rooms("room-history", nil, "keep the chat of the rooms on disk, in --sound-dir; default in memory only") {
      _, rooms in
      rooms.keepsHistory = true
    },
    .rooms("max-rooms", "COUNT", "maximum number of rooms at a time, 1 to 10000; default \(defaults.maxRooms)") {
      (value, rooms) throws(Rule) in rooms.maxRooms = try integer(value, 1...10_000)
    },
    .rooms("max-members", "COUNT", "maximum number of members of a room, 2 to 1000; default \(defaults.maxMembers)") {
      (value, rooms) throws(Rule) in rooms.maxMembers = try integer(value, 2...1000)
    },
    .rooms(
      "room-rate", "COUNT",
      "maximum number of messages a second from a member, 1 to 1000; default \(defaults.messageRate)"
    ) { (value, rooms) throws(Rule) in rooms.messageRate = try integer(value, 1...1000) },
    .rooms(
      "room-message", "BYTES", "maximum size of a member's message, 1k to 64k (k is 1024 bytes); default 16k"
    ) { (value, rooms) throws(Rule) in rooms.longestMessage = try size(value, 1024...65_536) },
    .rooms("room-calls", nil, "let up to four members of a room call each other; default no calls") { _, rooms in
      rooms.hasCalls = true
    },
    .rooms(
      "ice-server", "URL", "help calls through firewalls: stun:HOST, turn:HOST, with :PORT or none; repeatable"
    ) { (value, rooms) throws(Rule) in
      guard let server = ICEServerURL(value) else {
        throw Rule("it must be stun:HOST, stuns:HOST, turn:HOST or turns:HOST, such as stun:stun.example:3478")
      }
      rooms.add(iceServer: server)
    },
    .rooms("ice-secret-file", "PATH", "secret that the TURN servers share with ringcast (coturn: static-auth-secret)") {
      (value, rooms) throws(Rule) in rooms.iceSecretFile = try path(value)
    },
    .command("invite", .rooms, "ROOM", "print a link that lets its receiver into this room, and exit"),
    .command("role", .rooms, "ROLE", "role of the receiver of --invite: listener, talker or host; default talker"),
    .command(
      "expires", .rooms, "TIME", "time until --invite expires, such as 90s, 30m, 2h or 7d, up to 365d; default 1d"),
  ]

  /// A number of bytes, or of kilobytes with a k behind the number.
  private static func size(_ value: String, _ range: ClosedRange<Int>) throws(Rule) -> Int {
    let unit = value.hasSuffix("k") ? 1024 : 1
    let digits = unit == 1 ? value : String(value.dropLast())
    guard let count = try? integer(digits, 0...range.upperBound), range.contains(count * unit) else {
      throw Rule(
        "it must be a number of bytes from \(range.lowerBound / 1024)k to \(range.upperBound / 1024)k, such as 16k")
    }
    return count * unit
  }
}
