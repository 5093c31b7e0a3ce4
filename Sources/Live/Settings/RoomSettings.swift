/// The settings of the rooms, with their defaults.
package struct RoomSettings: Sendable, Equatable {
  /// The role of a person who enters with neither an invite nor a token.
  package enum OpenRole: String, CaseIterable, Sendable {
    case listener, talker
  }

  /// The rule for a setting of the rooms where the station has no rooms.
  package static let needed: SettingText = "it needs \(.rooms), or a section [rooms] in the configuration file"

  /// Nil where nobody enters with neither an invite nor a token.
  package var openRole: OpenRole?
  /// The file with the key of the invites; nil is a file in the sound directory.
  package var inviteKeyFile: String?
  /// Whether the disk keeps the chat of a room that has no member.
  package var keepsHistory = false
  package var maxRooms = 64
  /// The largest number of members of a room.
  package var maxMembers = 50
  /// The largest number of messages of a member, each second.
  package var messageRate = 20
  /// The largest message of a member, in bytes.
  package var longestMessage = 16 * 1024
  /// Whether the members of a room may call each other.
  package var hasCalls = false
  /// The servers by which the pages of a call find each other.
  package private(set) var iceServers: [ICEServerURL] = []
  /// The file with the secret that the station shares with its TURN servers.
  package var iceSecretFile: String?

  package init() {}

  /// Adds a server, unless the settings have that server.
  package mutating func add(iceServer server: ICEServerURL) {
    if !iceServers.contains(server) { iceServers.append(server) }
  }

  /// Checks the rules that tie one setting to another.
  func check() throws(InvalidInput) {
    if let server = iceServers.first, !hasCalls {
      throw InvalidInput(.iceServer, server.url, "it needs \(.roomCalls)")
    }
    // A browser refuses a TURN server without credentials (WebRTC §4.4.1.1).
    if let server = iceServers.first(where: \.isRelay), iceSecretFile == nil {
      throw InvalidInput(.iceServer, server.url, "a TURN server needs \(.iceSecretFile) PATH")
    }
    if let iceSecretFile, !iceServers.contains(where: \.isRelay) {
      throw InvalidInput(.iceSecretFile, iceSecretFile, "it needs a TURN server, \(.iceServer) turn:HOST")
    }
  }
}
