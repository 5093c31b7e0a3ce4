import Rooms
import Voice

/// The voices of all rooms at one moment, for `/status` and `/metrics`.
struct VoicesSnapshot: Sendable {
  /// A member who may speak. The counts are those of the present connection.
  struct Talker: Sendable {
    let room: RoomName
    let member: MemberID
    let figures: VoiceFigures
    /// From the microphone to the mix.
    let delay: Duration
    /// Packets that were dropped before the mixer had them.
    let lost: Int
  }

  /// Members with sound, by room.
  var members: [RoomName: Int] = [:]
  /// By room and member.
  var talkers: [Talker] = []
  /// Ticks of the mixer that began late, and ticks that were left out, since the start.
  var lateTicks = 0
  var skippedTicks = 0
}
