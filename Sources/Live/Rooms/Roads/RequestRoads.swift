import Rooms
import Synchronization
import System

/// The roads of the members whose pages have no WebSocket, by the session of each.
final class RequestRoads: Sendable {
  private let roads = Mutex<[String: RequestRoad]>([:])

  /// The road of a session; nil where there is none, so that the page must say hello again.
  subscript(session: String, room: RoomName) -> RequestRoad? {
    roads.withLock { roads in roads[session].flatMap { $0.room == room ? $0 : nil } }
  }

  /// A member has come by a road. A road that the same session had before is forgotten.
  func add(_ road: RequestRoad, of session: String) {
    roads.withLock { $0[session] = road }
  }

  var isEmpty: Bool { roads.withLock { $0.isEmpty } }

  /// Forgets the roads whose pages have left, and returns them.
  func takeSilent(at now: MonotonicTime) -> [RequestRoad] {
    roads.withLock { roads in
      let silent = roads.filter { $0.value.isSilent(at: now) }
      for session in silent.keys { roads[session] = nil }
      return Array(silent.values)
    }
  }

  func comment() {
    for road in roads.withLock({ Array($0.values) }) { road.comment() }
  }
}
