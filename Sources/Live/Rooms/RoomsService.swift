import Core
import HTTP
import Logging
import Pictures
import Rooms
import Synchronization
import System

/// The rooms of a station: a thread that owns `Rooms`, gives the machine its inputs, and performs its actions.
///
/// The loops of the servers post what comes from the pages, and never wait. Each connection has one loop, so that its
/// messages arrive in order.
final class RoomsService: Sendable {
  /// Something that a loop has to tell.
  enum Post: Sendable {
    /// A page has opened a road.
    case opened(ConnectionID, RoomName, Visitor, any MemberRoad)
    case input(RoomsInput)
    /// A message that came by POST, and the answer that its sender waits for.
    case posted(RoomsInput, ConnectionID, DeferredAnswer)
    case request(RoomName, Requester, RoomsRequest, DeferredAnswer)
  }

  private struct Inbox: Sendable {
    var posts: [Post] = []
    var isEnd = false
  }

  /// The parts that the thread and the loops share.
  let audiences: RoomAudiences
  let requestRoads: RequestRoads
  let list: RoomList
  private let show: @Sendable (RoomName, JPEGStill, MonotonicTime) -> Void
  private let numbers = Atomic(0)
  private let worker = Worker(name: "rooms", inbox: Inbox())
  private let shown: Mutex<(rooms: Rooms, figures: RoomsSnapshot)>

  /// - Parameter deliver: sends on the growing answers of these channels, and asks held requests again if `wake` says so.
  init(_ parts: RoomsParts, log: Log, deliver: @escaping @Sendable (_ channels: Set<Int>, _ wake: Bool) -> Void) {
    (audiences, requestRoads, list) = (parts.audiences, parts.requestRoads, parts.list)
    show = parts.show
    let thread = RoomsThread(parts, log: log, deliver: deliver)
    shown = Mutex((thread.rooms, thread.snapshot))
    worker.start(with: thread, first: .untilPostOr(.zero)) { [self] thread, posted in
      let wait = thread.run(posted.posts, isEnd: posted.isEnd)
      if thread.isShown { shown.withLock { $0 = (thread.rooms, thread.snapshot) } }
      return wait.map { .untilPostOr($0) } ?? .untilPost
    }
  }

  /// A number that no connection has had.
  func nextConnection() -> ConnectionID { ConnectionID(numbers.add(1, ordering: .relaxed).newValue) }

  /// Tells the thread something; returns at once.
  func post(_ posts: Post...) {
    worker.post { $0.posts += posts }
  }

  /// Shows a still of a member, with the sound of an instant; returns at once.
  func show(_ still: JPEGStill, at moment: MonotonicTime, in room: RoomName) { show(room, still, moment) }

  /// The figures of the rooms, at most a second old.
  var snapshot: RoomsSnapshot { shown.withLock { $0.figures } }

  /// The members of a room, in the order in which they came, as they were at most a second ago.
  func members(of room: RoomName) -> [MemberState] { shown.withLock { $0.rooms }.members(of: room) }

  /// Whether a room exists, or did within the last second.
  func exists(_ room: RoomName) -> Bool { shown.withLock { $0.rooms.exists(room) } }

  /// The reason for which a client may not read the events of a room; nil for a client who may. A ban counts within a
  /// second.
  func refusal(of reader: RoomAudiences.Reader, _ room: RoomName) -> RoomError? {
    let rooms = shown.withLock { $0.rooms }
    return rooms.refusalOfAudience(room, reader.visitor, invite: reader.invite, at: .now)
  }

  /// The room whose host shows an invite. A ban counts within a second.
  func room(ofHost invite: String) throws(RoomError) -> RoomName {
    let rooms = shown.withLock { $0.rooms }
    return try rooms.room(ofHost: invite, at: .now)
  }

  /// Whether a text is the invite of a talker or a host. A ban counts within a second.
  func isInvite(ofTalker text: String) -> Bool {
    (try? shown.withLock { $0.rooms }.room(ofTalker: text, at: .now)) != nil
  }

  /// Tells all pages that the server restarts, and ends the thread.
  func stop() {
    worker.post { $0.isEnd = true }
    worker.stop(within: .milliseconds(500))
  }
}

extension RoomsTime {
  /// The present moment.
  static var now: RoomsTime { RoomsTime(monotonic: .nanoseconds(MonotonicTime.now.nanoseconds), wall: .now) }
}
