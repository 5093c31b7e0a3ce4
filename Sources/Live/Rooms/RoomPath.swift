import Rooms

/// The meaning of a path below `/rooms`.
enum RoomPath: Equatable {
  /// `/rooms`, which leads to the list.
  case redirect
  /// `/rooms/`, the page with the list of rooms.
  case list
  /// `/rooms/list.json`.
  case listObject
  /// `/rooms/list.events`.
  case listEvents
  case room(RoomName, Resource)

  /// Everything that has an address below the name of a room.
  enum Resource: Equatable {
    /// `/rooms/NAME`.
    case page
    case socket, messages, events, actions, invites
    /// For operators.
    case members
  }

  /// Nil for a path that is none of these; a file of the page may have it.
  init?(_ path: String) {
    switch path {
    case "/rooms": self = .redirect
    case "/rooms/": self = .list
    case "/rooms/list.json": self = .listObject
    case "/rooms/list.events": self = .listEvents
    default:
      guard path.hasPrefix("/rooms/") else { return nil }
      let parts = path.dropFirst("/rooms/".count).split(separator: "/", omittingEmptySubsequences: false)
      guard let name = RoomName(parts[0]), let resource = Self.resource(parts.dropFirst()) else { return nil }
      self = .room(name, resource)
    }
  }

  /// Whether a path is below `/rooms`. Such a path means nothing where the station has no rooms.
  static func contains(_ path: String) -> Bool { path == "/rooms" || path.hasPrefix("/rooms/") }

  /// Whether a request for the path shows something that any page may read that may read the streams.
  var isReadOnly: Bool {
    switch self {
    case .listObject, .listEvents, .room(_, .events): true
    case .redirect, .list, .room: false
    }
  }

  private static func resource(_ parts: ArraySlice<Substring>) -> Resource? {
    guard let name = parts.first else { return .page }
    guard parts.count == 1 else { return nil }
    return switch name {
    case "socket": .socket
    case "messages": .messages
    case "events": .events
    case "actions": .actions
    case "invites": .invites
    case "members": .members
    default: nil
    }
  }
}
