import HTTP
import Rooms
import Synchronization

/// The audience of each room: the programs and pages that read the events of a room without being members.
///
/// A reader may come before the first member, so that an audience is there as long as it has readers or a room. Where there
/// is no place, the audience of a room that is there takes the place of one that waits for a room.
final class RoomAudiences: Sendable {
  /// The facts about one reader on which a ban depends.
  struct Reader: Sendable {
    let visitor: Visitor
    /// The text of an invite.
    let invite: String?
  }

  private struct Audience {
    let events: EventStream
    /// The channel on which the events are sent on.
    let channel: Int
    var readers: [Int: (reader: Reader, cutoff: Cutoff)] = [:]
    /// Whether there is no room of the name, or was none when somebody looked last.
    var waits: Bool
  }

  private struct State {
    var audiences: [RoomName: Audience] = [:]
    var freeChannels: [Int]
    /// The number of the last reader.
    var lastReader = 0
  }

  private let headers: [(name: String, value: String)]
  private let news: RoadNews
  private let kept: @Sendable (RoomName) -> [ServerMessage]
  private let state: Mutex<State>

  /// - Parameters:
  ///   - channels: a channel for each audience that there may be.
  ///   - headers: header fields of the answers.
  ///   - kept: the messages that the disk has kept of a room, the oldest first. A reader that asks for everything gets them.
  init(
    channels: Range<Int>, headers: [(name: String, value: String)], news: RoadNews,
    kept: @escaping @Sendable (RoomName) -> [ServerMessage] = { _ in [] }
  ) {
    (self.headers, self.news, self.kept) = (headers, news, kept)
    state = Mutex(State(freeChannels: channels.reversed()))
  }

  /// The events of a room from now on, or behind the event of Last-Event-ID.
  /// - Parameter isThere: whether the room exists.
  /// - Returns: nil where there is no place for one more audience.
  func response(to request: Request, of room: RoomName, isThere: Bool, for reader: Reader) -> Response? {
    let cutoff = Cutoff()
    let found = state.withLock { state -> (audience: Audience, number: Int)? in
      guard let audience = self.audience(of: room, isThere: isThere, &state) else { return nil }
      if request.method == .get {
        state.lastReader += 1
        state.audiences[room]?.readers[state.lastReader] = (reader, cutoff)
      }
      return (audience, state.lastReader)
    }
    guard let (audience, number) = found else { return nil }
    let response = audience.events.response(to: request).on(channel: audience.channel)
    guard request.method == .get else { return response }
    return response.until(cutoff).ending { [weak self, events = audience.events] in self?.leave(room, events, number) }
  }

  /// Ends the answers of some readers of a room.
  func dismiss(from room: RoomName, where isBanned: (Reader) -> Bool) {
    guard let audience = state.withLock({ $0.audiences[room] }) else { return }
    let banned = audience.readers.values.filter { isBanned($0.reader) }
    for (_, cutoff) in banned { cutoff.cut() }
    if !banned.isEmpty { news.note(channel: audience.channel) }
  }

  /// Sends an event to the audience of a room, and keeps the event for readers that come again.
  /// - Parameters:
  ///   - id: the number of the event in its room.
  ///   - text: JSON.
  func publish(_ text: String, id: Int, to room: RoomName) {
    guard let audience = state.withLock({ self.audience(of: room, isThere: true, &$0) }) else { return }
    audience.events.send(data: text, id: "\(id)")
    news.note(channel: audience.channel)
  }

  /// The number of readers of a room.
  func readers(of room: RoomName) -> Int { state.withLock { $0.audiences[room]?.readers.count ?? 0 } }

  /// The number of readers by room, where there are any.
  var readers: [RoomName: Int] {
    state.withLock { $0.audiences.compactMapValues { $0.readers.isEmpty ? nil : $0.readers.count } }
  }

  /// Keeps proxies from closing the answers.
  func comment() {
    for audience in state.withLock({ Array($0.audiences.values) }) where !audience.readers.isEmpty {
      audience.events.comment()
      news.note(channel: audience.channel)
    }
  }

  /// Forgets the audiences that have neither a reader nor a room.
  /// - Parameter isThere: whether there is a room of this name.
  func forget(unless isThere: (RoomName) -> Bool) {
    state.withLock { state in
      for (room, audience) in state.audiences {
        let waits = !isThere(room)
        state.audiences[room]?.waits = waits
        if waits, audience.readers.isEmpty { end(room, audience, &state) }
      }
    }
  }

  /// Ends all answers; the readers come again.
  func finish() {
    for audience in state.withLock({ Array($0.audiences.values) }) {
      audience.events.finish()
      news.note(channel: audience.channel)
    }
  }

  private func audience(of room: RoomName, isThere: Bool, _ state: inout State) -> Audience? {
    if isThere { state.audiences[room]?.waits = false }
    if let audience = state.audiences[room] { return audience }
    if isThere, state.freeChannels.isEmpty, let (other, waiting) = state.audiences.first(where: \.value.waits) {
      end(other, waiting, &state)
    }
    guard let channel = state.freeChannels.popLast() else { return nil }
    var limits = EventStream.Limits()
    (limits.history, limits.bytes) = (Self.history, Self.bytes)
    let audience = Audience(events: EventStream(limits: limits, headers: headers), channel: channel, waits: !isThere)
    for message in kept(room) {
      if let id = message.stamp?.id { audience.events.send(data: message.text, id: "\(id)") }
    }
    state.audiences[room] = audience
    return audience
  }

  /// The readers, if there are any, come again later.
  private func end(_ room: RoomName, _ audience: Audience, _ state: inout State) {
    audience.events.finish()
    news.note(channel: audience.channel)
    state.audiences[room] = nil
    state.freeChannels.append(audience.channel)
  }

  /// A reader's answer has ended, perhaps after its audience.
  private func leave(_ room: RoomName, _ events: EventStream, _ number: Int) {
    state.withLock { state in
      if state.audiences[room]?.events === events { state.audiences[room]?.readers[number] = nil }
    }
  }

  /// Events that a reader which comes again can still get, and the most bytes of these events and for a slow reader.
  private static let history = 400
  private static let bytes = 1 << 20
}
