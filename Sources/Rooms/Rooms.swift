import Core

/// The rooms of a station, as a state machine: it is told each input with the time, and returns the actions that follow.
///
/// The machine has no socket, clock, disk or randomness of its own.
package struct Rooms: Sendable {
  package let settings: RoomsSettings
  let seal: any Seal
  var random: RandomNumbers

  /// - Parameter seed: a random number. Different runs need different seeds.
  package init(_ settings: RoomsSettings, seal: any Seal, seed: UInt64, at now: RoomsTime) {
    self.settings = settings
    self.seal = seal
    random = RandomNumbers(seed: seed)
  }

  package mutating func handle(_ input: RoomsInput, at now: RoomsTime) -> [RoomsAction] { [] }

  /// The monotonic time at which the shell gives `RoomsInput.tick`, even if nothing else happens; nil for never.
  package var nextWake: Duration? { nil }

  /// The rooms that a client sees in the list, by name.
  /// - Parameter mayListen: whether the client may listen to the stream that has the room's name.
  package func list(isOperator: Bool, mayListen: (RoomName) -> Bool) -> [RoomSummary] { [] }

  package func exists(_ room: RoomName) -> Bool { false }

  /// The members of a room, in the order in which they came; empty for a room that does not exist.
  package func members(of room: RoomName) -> [MemberState] { [] }

  /// Whether a client may read the events of a room, and see the room's page with its state.
  package func admitsAudience(_ room: RoomName, _ credentials: Credentials, invite: String?, at now: RoomsTime) -> Bool
  {
    false
  }

  /// All rooms, and all members in them.
  package var counts: (rooms: Int, members: Int) { (0, 0) }
}
