import Core

/// An action of a host or an operator on a room or one of its members.
package enum HostAction: Equatable, Sendable {
  /// A member who is muted by a host can neither write nor speak until a host ends this.
  case mute(MemberID, Bool)
  case remove(MemberID)
  case ban(MemberID)
  /// Nobody else may enter a locked room, except hosts and operators.
  case lock(Bool)
  case inviteOnly(Bool)
  case close
  case role(MemberID, Role)
  case lowerHand(MemberID)
  /// The member is on the air as soon as the member agrees, or no longer is.
  case air(MemberID, Bool)
  /// Whether the gain of the member's voice is ridden.
  case gain(MemberID, Bool)
  /// The member is sent to another room, with an invite.
  case move(MemberID, to: RoomName)

  /// All words of the member `action`.
  package static let words = [
    "mute", "remove", "ban", "lock", "invite_only", "close", "role", "lower_hand", "air", "gain", "move",
  ]

  package var word: String {
    switch self {
    case .mute: "mute"
    case .remove: "remove"
    case .ban: "ban"
    case .lock: "lock"
    case .inviteOnly: "invite_only"
    case .close: "close"
    case .role: "role"
    case .lowerHand: "lower_hand"
    case .air: "air"
    case .gain: "gain"
    case .move: "move"
    }
  }

  /// The member whom the action concerns; nil for an action on the room.
  package var member: MemberID? {
    switch self {
    case .mute(let member, _), .remove(let member), .ban(let member), .role(let member, _), .lowerHand(let member),
      .air(let member, _), .gain(let member, _), .move(let member, _):
      member
    case .lock, .inviteOnly, .close: nil
    }
  }

  /// Reads the body of `POST /rooms/NAME/actions`.
  package init(_ text: [UInt8]) throws(RoomError) {
    try self.init(JSONObject(JSON.message(text)))
  }

  init(_ object: JSONObject) throws(RoomError) {
    switch try object.string("action") {
    case "mute": self = .mute(try object.member("member"), try object.bool("on"))
    case "remove": self = .remove(try object.member("member"))
    case "ban": self = .ban(try object.member("member"))
    case "lock": self = .lock(try object.bool("on"))
    case "invite_only": self = .inviteOnly(try object.bool("on"))
    case "close": self = .close
    case "role":
      let member = try object.member("member")
      guard let role = Role(try object.string("role")), role <= .host else {
        throw RoomError(.badMessage, "role must be listener, talker or host.")
      }
      self = .role(member, role)
    case "lower_hand": self = .lowerHand(try object.member("member"))
    case "air": self = .air(try object.member("member"), try object.bool("on"))
    case "gain": self = .gain(try object.member("member"), try object.bool("on"))
    case "move":
      let member = try object.member("member")
      guard let room = RoomName(try object.string("to")) else { throw RoomError(.badMessage, "to must be a room.") }
      self = .move(member, to: room)
    default: throw RoomError(.badMessage, "action must be one of: \(Self.words.joined(separator: ", ")).")
    }
  }

  var members: [(String, JSON)] {
    var members: [(String, JSON)] = [("action", .string(word))]
    members.append("member", member?.json)
    switch self {
    case .mute(_, let isOn), .lock(let isOn), .inviteOnly(let isOn), .air(_, let isOn), .gain(_, let isOn):
      members.append(("on", .bool(isOn)))
    case .role(_, let role): members.append(("role", .string(role.text)))
    case .move(_, let room): members.append(("to", .string(room.text)))
    case .remove, .ban, .close, .lowerHand: break
    }
    return members
  }
}
