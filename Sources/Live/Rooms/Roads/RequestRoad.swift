import Core
import HTTP
import Rooms
import Synchronization
import System

/// The road of a member whose page has no WebSocket: the page sends with POST, and takes messages as server-sent events or
/// by long polling. The same messages are there by either.
final class RequestRoad: MemberRoad {
  /// A page that asks for nothing during this time has left the road.
  static let silence = Duration.seconds(10)
  /// The longest time that a long poll is held.
  static let longestPoll = Duration.seconds(25)

  private struct State {
    var outbox = Outbox()
    /// The answer of server-sent events that is open.
    var events: EventStream?
    var openAnswers = 0
    var isPolled = false
    var lastAsked = MonotonicTime.now
    var end: End?
    var allowance: Allowance
  }

  /// The end of the road, as a page learns it.
  struct End: Equatable, Sendable {
    let code: RoomCloseCode
    let reason: String

    var json: JSON { .object([("code", .number(code.rawValue)), ("reason", .string(reason))]) }
  }

  /// The outcome of a request for messages.
  enum Messages {
    case response(Response)
    case notYet
    /// Some messages were dropped: the page must say hello again.
    case lost
  }

  let connection: ConnectionID
  let room: RoomName
  /// The channel on which the answers of server-sent events are sent on.
  private let channel: Int
  private let news: RoadNews
  private let state: Mutex<State>

  /// - Parameter allowance: the messages that the page may send before they are even read.
  init(_ connection: ConnectionID, room: RoomName, channel: Int, allowance: Allowance, news: RoadNews) {
    (self.connection, self.room) = (connection, room)
    (self.channel, self.news) = (channel, news)
    state = Mutex(State(allowance: allowance))
  }

  // The rooms' side

  func send(_ message: RoadMessage) {
    state.withLock { state in
      let entry = state.outbox.append(message.text)
      if let events = state.events {
        events.send(data: entry.text, id: "\(entry.number)")
        news.note(channel: channel)
      }
      if state.isPolled { news.notePoll() }
    }
  }

  func close(_ code: RoomCloseCode, reason: String) {
    state.withLock { state in
      guard state.end == nil else { return }
      let end = End(code: code, reason: reason)
      state.end = end
      if let events = state.events.take() {
        events.send(event: "close", data: end.json.text)
        events.finish()
        news.note(channel: channel)
      }
      if state.isPolled { news.notePoll() }
    }
  }

  /// Keeps proxies from closing the answer, and finds the pages that are gone.
  func comment() {
    state.withLock { state in
      guard let events = state.events else { return }
      events.comment()
      news.note(channel: channel)
    }
  }

  /// Whether the page has left the road.
  func isSilent(at now: MonotonicTime) -> Bool {
    state.withLock { $0.openAnswers == 0 && now - $0.lastAsked > Self.silence }
  }

  // The page's side

  /// The page sends a message.
  /// - Returns: false if the message is one too many.
  func takes(at now: MonotonicTime) -> Bool {
    state.withLock { state in
      state.lastAsked = now
      return state.allowance.take(at: now)
    }
  }

  /// The messages behind a number as server-sent events. An answer that was open ends.
  func events(after number: Int, to request: Request) -> Messages {
    state.withLock { state in
      state.lastAsked = .now
      guard let waiting = state.outbox.entries(after: number) else { return .lost }
      state.events.take()?.finish()
      let events = EventStream(limits: Self.limits, headers: StationRooms.eventHeaders)
      // The answer begins here, so that the messages below are in it. A page learns by the first bytes that no proxy holds
      // the answer back.
      let response = events.response(to: request)
      events.comment()
      for entry in waiting { events.send(data: entry.text, id: "\(entry.number)") }
      if let end = state.end {
        events.send(event: "close", data: end.json.text)
        events.finish()
        return .response(response.on(channel: channel))
      }
      state.events = events
      state.openAnswers += 1
      return .response(response.on(channel: channel).ending { [weak self, weak events] in self?.ended(events) })
    }
  }

  private static var limits: EventStream.Limits {
    var limits = EventStream.Limits()
    (limits.history, limits.bytes) = (0, 2 << 20)
    return limits
  }

  private func ended(_ events: EventStream?) {
    state.withLock { state in
      state.openAnswers -= 1
      state.lastAsked = .now
      if state.events === events { state.events = nil }
    }
  }

  /// The messages behind a number, as the answer to a poll.
  /// - Parameter waited: the time for which the request was held.
  func poll(after number: Int, waited: Duration) -> Messages {
    state.withLock { state in
      state.lastAsked = .now
      guard let waiting = state.outbox.entries(after: number) else { return .lost }
      state.outbox.forget(through: number)
      if waiting.isEmpty, state.end == nil, waited < Self.longestPoll {
        state.isPolled = true
        return .notYet
      }
      state.isPolled = false
      return .response(.json(Self.text(waiting, last: max(number, waiting.last?.number ?? 0), state.end)))
    }
  }

  /// The messages are JSON already.
  private static func text(_ entries: ArraySlice<Outbox.Entry>, last: Int, _ end: End?) -> String {
    let messages = entries.map(\.text).joined(separator: ",")
    let close = end.map { ",\"close\":\($0.json.text)" } ?? ""
    return "{\"last\":\(last),\"messages\":[\(messages)]\(close)}"
  }
}
