import HTTP
import Rooms
import Synchronization

/// The audience of each room: the programs and pages that read the events of a room without being members.
///
/// A reader may come before the first member, so that an audience is there as long as it has readers or a room.
final class RoomAudiences: Sendable {
  private struct Audience {
    let events: EventStream
    /// The channel on which the events are sent on.
    let channel: Int
    var readers = 0
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
  /// - Returns: nil where there is no place for one more audience.
  func response(to request: Request, of room: RoomName) -> Response? {
    let audience = state.withLock { state -> Audience? in
      guard var audience = self.audience(of: room, &state) else { return nil }
      if request.method == .get {
        audience.readers += 1
        state.audiences[room] = audience
      }
      return audience
    }
    guard let audience else { return nil }
    let response = audience.events.response(to: request).on(channel: audience.channel)
    return request.method == .get ? response.ending { [weak self] in self?.leave(room) } : response
  }

  /// Sends an event to the audience of a room, and keeps the event for readers that come again.
  /// - Parameters:
  ///   - id: the number of the event in its room.
  ///   - text: JSON.
  func publish(_ text: String, id: Int, to room: RoomName) {
    guard let audience = state.withLock({ self.audience(of: room, &$0) }) else { return }
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
      for (room, audience) in state.audiences where audience.readers == 0 && !isThere(room) {
        state.audiences[room] = nil
        state.freeChannels.append(audience.channel)
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

  private func audience(of room: RoomName, _ state: inout State) -> Audience? {
    if let audience = state.audiences[room] { return audience }
    guard let channel = state.freeChannels.popLast() else { return nil }
    var limits = EventStream.Limits()
    (limits.history, limits.bytes) = (Self.history, Self.bytes)
    let audience = Audience(events: EventStream(limits: limits, headers: headers), channel: channel)
    state.audiences[room] = audience
    return audience
  }

  private func leave(_ room: RoomName) {
    state.withLock { $0.audiences[room]?.readers -= 1 }
  }

  /// Events that a reader which comes again can still get, and the most bytes of these events and for a slow reader.
  private static let history = 400
  private static let bytes = 1 << 20
}
