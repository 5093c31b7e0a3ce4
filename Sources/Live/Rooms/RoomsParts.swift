import Pictures
import Rooms
import System

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
  /// The decisions of hosts on disk.
  let records: RecordsKeeper
  let voices: StationVoices
  /// The rooms of streams with tokens of their own: the list shows these rooms to operators only.
  let closedRooms: @Sendable () -> Set<RoomName>
  /// The present position of each stream whose name a room can have.
  let anchors: @Sendable () -> [(RoomName, StreamAnchor)]
  /// Shows a still of a member in the streams whose source is the room, with the sound of that instant. It never waits.
  let show: @Sendable (RoomName, JPEGStill, MonotonicTime) -> Void
  /// Adds the servers for calls to the answer for a member, with credentials of this member.
  let addServers: @Sendable (inout CallAnswer, MemberID) -> Void
}
