import Rooms
import Testing

@testable import HTTP
@testable import Live

@Suite struct RoomListTests {
  private let news = RoadNews()
  private let list: RoomList
  private let hall = RoomSummary(
    name: RoomName("hall")!, members: 2, isLocked: false, isInviteOnly: false, hasCalls: true, messagesAMinute: 0)

  init() {
    list = RoomList(channel: 4, headers: [], news: news)
  }

  private func text(_ response: Response) -> String? {
    guard let place = response.endless?.place else { return nil }
    return String(decoding: place.link.body.array.dropFirst(place.position), as: UTF8.self)
  }

  @Test func `each viewer sees a list of their own`() {
    list.update([hall], for: .operator)
    #expect(
      list.text(for: .operator)
        == #"{"rooms":[{"name":"hall","members":2,"audience":0,"locked":false,"calls":true}]}"#)
    #expect(list.text(for: .anybody) == #"{"rooms":[]}"#)
  }

  @Test func `a reader gets the present list, and each change`() {
    list.update([hall], for: .anybody)
    let response = list.response(to: Request(method: .get, path: "/"), for: .anybody)
    #expect(list.hasReaders)
    _ = news.take(withPolls: true)
    // No change is no event.
    list.update([hall], for: .anybody)
    #expect(news.take(withPolls: true).channels.isEmpty)
    list.update([], for: .anybody)
    #expect(news.take(withPolls: true).channels == [4])
    let row = #"{"name":"hall","members":2,"audience":0,"locked":false,"calls":true}"#
    #expect(text(response) == "data: {\"rooms\":[\(row)]}\nid: 1\n\ndata: {\"rooms\":[]}\nid: 2\n\n")
    response.onEnd?()
    #expect(!list.hasReaders)
  }
}
