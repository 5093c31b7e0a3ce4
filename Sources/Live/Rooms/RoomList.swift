import Core
import HTTP
import Rooms
import Synchronization

/// The list of the rooms, as JSON and as server-sent events. A visitor sees the rooms that the visitor may enter without an
/// invite.
final class RoomList: Sendable {
  /// The people who see the same rooms.
  enum Viewer: CaseIterable, Sendable {
    case anybody
    /// May listen to the streams.
    case listener
    case `operator`

    init(_ credentials: Credentials) {
      self = credentials.isOperator ? .operator : credentials.mayListen ? .listener : .anybody
    }
  }

  private struct State {
    var text = RoomList.text([])
    var number = 0
  }

  private let channel: Int
  private let news: RoadNews
  private let events: [Viewer: EventStream]
  private let states: Mutex<[Viewer: State]>
  private let readers = Atomic(0)

  /// - Parameters:
  ///   - channel: on which the answers are sent on.
  ///   - headers: header fields of the answers.
  init(channel: Int, headers: [(name: String, value: String)], news: RoadNews) {
    (self.channel, self.news) = (channel, news)
    var limits = EventStream.Limits()
    // A reader needs the newest list only.
    limits.history = 1
    let viewers = Viewer.allCases.map { ($0, EventStream(limits: limits, headers: headers)) }
    events = Dictionary(uniqueKeysWithValues: viewers)
    states = Mutex(Dictionary(uniqueKeysWithValues: Viewer.allCases.map { ($0, State()) }))
    for viewer in Viewer.allCases { events[viewer]?.send(data: Self.text([]), id: "0") }
  }

  /// The list as JSON.
  func text(for viewer: Viewer) -> String { states.withLock { $0[viewer]?.text ?? "" } }

  /// The present list, and each later one.
  func response(to request: Request, for viewer: Viewer) -> Response {
    guard let events = events[viewer] else { return .notFound }
    let response = events.response(to: request, withHistory: true).on(channel: channel)
    guard request.method == .get, response.status == 200 else { return response }
    readers.add(1, ordering: .relaxed)
    return response.ending { [weak self] in self?.readers.subtract(1, ordering: .relaxed) }
  }

  var hasReaders: Bool { readers.load(ordering: .relaxed) > 0 }

  /// Tells the readers, where the list has changed for them.
  func update(_ rooms: [RoomSummary], for viewer: Viewer) {
    let text = Self.text(rooms)
    let number = states.withLock { states -> Int? in
      guard states[viewer]?.text != text else { return nil }
      states[viewer]?.text = text
      states[viewer]?.number += 1
      return states[viewer]?.number
    }
    guard let number else { return }
    events[viewer]?.send(data: text, id: "\(number)")
    news.note(channel: channel)
  }

  func comment() {
    for events in events.values { events.comment() }
    news.note(channel: channel)
  }

  /// Ends all answers; the readers come again.
  func finish() {
    for events in events.values { events.finish() }
    news.note(channel: channel)
  }

  private static func text(_ rooms: [RoomSummary]) -> String {
    JSON.object([("rooms", .array(rooms.map(\.json)))]).text
  }
}
