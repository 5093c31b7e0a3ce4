import Core
import Rooms

extension Figures {
  /// The rooms; null in `/status` where the station has no rooms.
  static let rooms: [Figure<StationSnapshot>] = [
    Figure("rooms", nil) { .json($0.rooms.map { .array($0.rooms.map(\.status)) } ?? .null) },
    Figure(nil, .gauge("ringcast_rooms", "Rooms that exist, empty ones too.")) { .count($0.rooms?.rooms.count) },
    Figure(nil, .gauge("ringcast_room_members", "Members of a room.")) { station in
      each(station) { room, _ in room.members }
    },
    Figure(nil, .gauge("ringcast_room_audience", "Readers of a room's events who are not members.")) { station in
      each(station) { room, _ in room.audience }
    },
    Figure(
      nil,
      .counter(
        "ringcast_room_messages_total", "Messages to a room's audience: chat, prompts, scores, polls and others.")
    ) { station in
      each(station) { room, rooms in rooms.eventsByRoom[room.name] ?? 0 }
    },
  ]

  private static func each(_ station: StationSnapshot, _ value: (RoomSummary, RoomsSnapshot) -> Int) -> FigureValue {
    guard let rooms = station.rooms else { return .each("room", []) }
    return .each("room", rooms.rooms.map { (label: $0.name.text, value: Double(value($0, rooms))) })
  }
}

extension RoomSummary {
  /// The room in `/status`.
  fileprivate var status: JSON {
    .object([
      ("name", .string(name.text)), ("members", .number(members)), ("audience", .number(audience)),
      ("messagesPerMinute", .number(messagesAMinute)), ("locked", .bool(isLocked)),
      ("inviteOnly", .bool(isInviteOnly)), ("calls", .bool(hasCalls)),
    ])
  }
}
