import Rooms

/// The parts from which the service of the rooms is made.
struct RoomsParts: Sendable {
  let settings: RoomsSettings
  let seal: any Seal
  let audiences: RoomAudiences
  let requestRoads: RequestRoads
  let list: RoomList
  let news: RoadNews
  /// The chat on disk; nil where the disk keeps none.
  let chat: ChatKeeper?
  let voices: StationVoices
  /// The present position of each stream whose name a room can have.
  let anchors: @Sendable () -> [(RoomName, StreamAnchor)]
  /// Adds the servers for calls to the answer for a member, with credentials of this member.
  let addServers: @Sendable (inout CallAnswer, MemberID) -> Void
}
