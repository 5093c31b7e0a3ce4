import Rooms

/// The rooms at one moment, for `/status` and `/metrics`.
struct RoomsSnapshot: Sendable {
  /// With the number of each room's readers of events.
  var rooms: [RoomSummary] = []
  var members = 0
  /// Readers of the events of all rooms, also of those that have no member.
  var audience = 0
  /// Messages with a number since the start: chat, prompts, scores, polls and others.
  var events = 0
  /// The same of each room, since the room came into being.
  var eventsByRoom: [RoomName: Int] = [:]
  /// Messages of the pages since the start.
  var messages = 0
}
