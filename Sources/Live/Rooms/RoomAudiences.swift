import HTTP
import Rooms
import Synchronization

/// The audience of each room: the programs and pages that read the events of a room without being members.
///
/// A reader may come before the first member, so that an audience is there as long as it has readers or a room. Where there
/// is no place, the audience of a room that is there takes the place of one that waits for a room.
final class RoomAudiences: Sendable {
  private struct Audience {
    let events: EventStream
    /// The channel on which the events are sent on.
    let channel: Int
    var readers = 0
    /// Whether there is no room of the name, or was none when somebody looked last.
    var waits: Bool
  }

  private struct State {
    var audiences: [RoomName: Audience] = [:]
    var freeChannels: [Int]
  }

  private let headers: [(name: String, value: String)]
  private let news: RoadNews
  private let state: Mutex<State>

  /// - Parameters:
  ///   - channels: a channel for each audience that there may be.
  ///   - headers: header fields of the answers.
  init(channels: Range<Int>, headers: [(name: String, value: String)], news: RoadNews) {
    (self.headers, self.news) = (headers, news)
    state = Mutex(State(freeChannels: channels.reversed()))
  }

  /// The events of a room from now on, or behind the event of Last-Event-ID.
  /// - Parameter isThere: whether the room exists.
  /// - Returns: nil where there is no place for one more audience.
  func response(to request: Request, of room: RoomName, isThere: Bool) -> Response? {
    let audience = state.withLock { state -> Audience? in
      guard var audience = self.audience(of: room, isThere: isThere, &state) else { return nil }
      if request.method == .get {
        audience.readers += 1
        state.audiences[room] = audience
      }
      return audience
    }
    guard let audience else { return nil }
    let response = audience.events.response(to: request).on(channel: audience.channel)
    guard request.method == .get else { return response }
    return response.ending { [weak self, events = audience.events] in self?.leave(room, events) }
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
  func readers(of room: RoomName) -> Int { state.withLock { $0.audiences[room]?.readers ?? 0 } }

  /// The number of readers by room, where there are any.
  var readers: [RoomName: Int] {
    state.withLock { $0.audiences.compactMapValues { $0.readers > 0 ? $0.readers : nil } }
  }

  /// Keeps proxies from closing the answers.
  func comment() {
    for audience in state.withLock({ Array($0.audiences.values) }) where audience.readers > 0 {
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
        if waits, audience.readers == 0 { end(room, audience, &state) }
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
  private func leave(_ room: RoomName, _ events: EventStream) {
    state.withLock { state in
      if state.audiences[room]?.events === events { state.audiences[room]?.readers -= 1 }
    }
  }

  /// Events that a reader which comes again can still get, and the most bytes of these events and for a slow reader.
  private static let history = 400
  private static let bytes = 1 << 20
}
