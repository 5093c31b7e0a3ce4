import Core
import Rooms
import System
import Testing

@testable import HTTP
@testable import Live

@Suite struct RequestRoadTests {
  private let news = RoadNews()
  private let road: RequestRoad

  init() {
    road = RequestRoad(
      ConnectionID(1), room: RoomName("hall")!, channel: 3, allowance: Allowance(burst: 2, perSecond: 1), news: news)
  }

  private func send(_ texts: String...) {
    for text in texts { road.send(RoadMessage(text)) }
  }

  private func poll(_ after: Int, waited: Duration = .zero) -> String? {
    guard case .response(let response) = road.poll(after: after, waited: waited) else { return nil }
    return String(decoding: response.content, as: UTF8.self)
  }

  private func events(_ after: Int) throws -> Response {
    let request = Request(method: .get, path: "/")
    guard case .response(let response) = road.events(after: after, to: request) else { throw Lost() }
    return response
  }

  private struct Lost: Error {}

  private func text(_ response: Response) -> String? {
    guard let place = response.endless?.place else { return nil }
    return String(decoding: place.link.body.array.dropFirst(place.position), as: UTF8.self)
  }

  @Test func `a poll gets the messages behind a number`() {
    send(#"{"a":1}"#, #"{"b":2}"#)
    #expect(poll(0) == #"{"last":2,"messages":[{"a":1},{"b":2}]}"#)
    #expect(poll(1) == #"{"last":2,"messages":[{"b":2}]}"#)
  }

  @Test func `a poll without a message is held, and a message answers it`() {
    #expect(poll(0) == nil)
    #expect(!news.hasPolls)
    send("{}")
    #expect(news.take(withPolls: true).polls)
    #expect(poll(0) == #"{"last":1,"messages":[{}]}"#)
    // Nobody is waiting now.
    send("{}")
    #expect(!news.hasPolls)
  }

  @Test func `a poll is not held for ever`() {
    #expect(poll(0, waited: RequestRoad.longestPoll) == #"{"last":0,"messages":[]}"#)
  }

  @Test func `messages that were dropped make the page say hello again`() {
    for _ in 0..<600 { send("{}") }
    guard case .lost = road.poll(after: 0, waited: .zero) else {
      Issue.record("the loss was not noticed")
      return
    }
  }

  @Test func `events have the numbers of the messages, and begin with those that wait`() throws {
    send("{1}")
    let response = try events(0)
    #expect(response.endless?.channel == 3)
    send("{2}")
    #expect(text(response) == ": \n\ndata: {1}\nid: 1\n\ndata: {2}\nid: 2\n\n")
    #expect(news.take(withPolls: true).channels == [3])
  }

  @Test func `a second answer takes the place of the first`() throws {
    let first = try events(0)
    send("{1}")
    let second = try events(1)
    send("{2}")
    #expect(text(first) == ": \n\ndata: {1}\nid: 1\n\n")
    #expect(first.endless?.body.isFinished == true)
    #expect(text(second) == ": \n\ndata: {2}\nid: 2\n\n")
  }

  @Test func `the end of a road is told by either way`() throws {
    let response = try events(0)
    send("{1}")
    road.close(.roomClosed, reason: "by a host")
    road.close(.restart, reason: "too late")
    #expect(text(response)?.hasSuffix("event: close\ndata: {\"code\":4004,\"reason\":\"by a host\"}\n\n") == true)
    #expect(response.endless?.body.isFinished == true)
    #expect(poll(0) == #"{"last":1,"messages":[{1}],"close":{"code":4004,"reason":"by a host"}}"#)
    #expect(text(try events(1))?.hasPrefix(": \n\nevent: close\n") == true)
  }

  @Test func `a page is gone when it asks for nothing`() throws {
    let now = MonotonicTime.now
    #expect(!road.isSilent(at: now))
    #expect(road.isSilent(at: now + .seconds(11)))
    let response = try events(0)
    #expect(!road.isSilent(at: now + .seconds(60)))
    response.onEnd?()
    #expect(!road.isSilent(at: now + .seconds(9)))
    #expect(road.isSilent(at: now + .seconds(60)))
  }

  @Test func `a page that sends without a pause is refused before its messages are read`() {
    let now = MonotonicTime.now
    #expect(road.takes(at: now))
    #expect(road.takes(at: now))
    #expect(!road.takes(at: now))
    #expect(road.takes(at: now + .seconds(1)))
  }
}
