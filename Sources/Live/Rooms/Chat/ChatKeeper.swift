import Logging
import Rooms
import Synchronization
import System

/// The chat that outlives its room: in memory for a room that comes again, and on disk for a restart. Bounded.
///
/// Everything is read from the disk at the start, so that no room waits for the disk later.
final class ChatKeeper: Sendable {
  private struct State {
    var lines: [RoomName: [String]] = [:]
    /// The room whose chat has been silent for longest comes first.
    var order: [RoomName] = []
  }

  private let folder: ChatFolder
  private let mostRooms: Int
  private let writer: ChatWriter
  private let state: Mutex<State>

  /// - Parameters:
  ///   - folder: is created.
  ///   - mostRooms: the most rooms whose chat is kept. The rooms that have been silent for longest lose theirs.
  init(_ folder: ChatFolder, mostRooms: Int, log: Log) {
    (self.folder, self.mostRooms) = (folder, mostRooms)
    state = Mutex(Self.read(folder, mostRooms: mostRooms, log: log))
    writer = ChatWriter(folder, log: log)
  }

  /// The messages that are kept of a room, the oldest first.
  func messages(of room: RoomName) -> [ServerMessage] {
    // A line may come from anybody who can write in the folder.
    state.withLock { $0.lines[room] ?? [] }.compactMap { try? ServerMessage(text: Array($0.utf8)) }
  }

  /// Keeps a message; returns at once.
  func append(_ message: ServerMessage, to room: RoomName) {
    let line = message.text
    let forgotten = state.withLock { state in
      state.order.removeAll { $0 == room }
      state.order.append(room)
      state.lines[room, default: []].append(line)
      Self.shorten(&state.lines[room, default: []])
      return Self.forget(beyond: mostRooms, in: &state)
    }
    writer.append(line, to: room)
    for room in forgotten { writer.remove(room) }
  }

  /// Writes what waits, and ends.
  func stop(within timeout: Duration) {
    writer.stop(within: timeout)
  }

  /// As many messages as a room keeps, and as many ends of messages.
  private static func shorten(_ lines: inout [String]) {
    if lines.count > 2 * RoomsLimits.history { lines.removeFirst(lines.count - 2 * RoomsLimits.history) }
  }

  private static func forget(beyond most: Int, in state: inout State) -> [RoomName] {
    let forgotten = Array(state.order.prefix(max(0, state.order.count - most)))
    state.order.removeFirst(forgotten.count)
    for room in forgotten { state.lines[room] = nil }
    return forgotten
  }

  private static func read(_ folder: ChatFolder, mostRooms: Int, log: Log) -> State {
    var state = State()
    do {
      try folder.create()
      for room in try folder.rooms() {
        do {
          var lines = try folder.lines(of: room)
          shorten(&lines)
          if lines.isEmpty { continue }
          state.lines[room] = lines
          state.order.append(room)
        } catch {
          log.warning("rooms: \(error); the chat of the room \(room) begins anew")
          try? folder.remove(room)
        }
      }
      for room in forget(beyond: mostRooms, in: &state) { try folder.remove(room) }
    } catch {
      log.error("rooms: \(error); the disk keeps no chat as long as this is so")
    }
    return state
  }
}
