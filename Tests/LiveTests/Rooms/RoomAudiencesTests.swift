import Core
import Rooms
import Testing

@testable import HTTP
@testable import Live

@Suite struct RoomAudiencesTests {
  private let news = RoadNews()
  private let hall = RoomName("hall")!
  private let den = RoomName("den")!
  private let attic = RoomName("attic")!

  private let reader = RoomAudiences.Reader(visitor: Visitor(road: .events, address: "192.0.2.1"), invite: nil)

  private func audiences(_ count: Int = 2) -> RoomAudiences {
    RoomAudiences(channels: 5..<5 + count, headers: [], news: news)
  }

  private func get(_ last: String? = nil) -> Request {
    Request(method: .get, path: "/", headers: last.map { [(name: "Last-Event-ID", value: $0)] } ?? [])
  }

  /// The bytes of an answer that has no end yet.
  private func text(_ response: Response?) -> String? {
    guard let place = response?.endless?.place else { return nil }
    return String(decoding: place.link.body.array.dropFirst(place.position), as: UTF8.self)
  }

  @Test func `a reader gets the events from then on, and is counted until the answer ends`() throws {
    let audiences = audiences()
    audiences.publish("old", id: 1, to: hall)
    let response = try #require(audiences.response(to: get(), of: hall, isThere: false, for: reader))
    #expect(response.header("Content-Type") == "text/event-stream")
    audiences.publish("new", id: 2, to: hall)
    audiences.publish("elsewhere", id: 1, to: den)
    #expect(text(response) == "data: new\nid: 2\n\n")
    #expect(audiences.readers == [hall: 1])
    response.onEnd?()
    #expect(audiences.readers(of: hall) == 0)
    #expect(audiences.readers.isEmpty)
  }

  @Test func `a reader that comes again gets what it missed`() throws {
    let audiences = audiences()
    for id in 1...3 { audiences.publish("e\(id)", id: id, to: hall) }
    let response = try #require(audiences.response(to: get("1"), of: hall, isThere: false, for: reader))
    #expect(text(response) == "data: e2\nid: 2\n\ndata: e3\nid: 3\n\n")
  }

  @Test func `each audience has its channel, and the news name it`() throws {
    let audiences = audiences()
    audiences.publish("a", id: 1, to: hall)
    #expect(news.take(withPolls: true).channels == [5])
    audiences.publish("a", id: 1, to: den)
    audiences.publish("b", id: 2, to: den)
    #expect(news.take(withPolls: true).channels == [6])
    #expect(news.take(withPolls: true).channels.isEmpty)
    #expect(try #require(audiences.response(to: get(), of: den, isThere: false, for: reader)).endless?.channel == 6)
  }

  @Test func `there is an audience for each channel at the most, and one without readers and room makes place`() throws
  {
    let audiences = audiences()
    let first = try #require(audiences.response(to: get(), of: hall, isThere: false, for: reader))
    #expect(audiences.response(to: get(), of: den, isThere: false, for: reader) != nil)
    #expect(audiences.response(to: get(), of: attic, isThere: false, for: reader) == nil)
    // Both have readers.
    audiences.forget { _ in false }
    #expect(audiences.response(to: get(), of: attic, isThere: false, for: reader) == nil)
    first.onEnd?()
    audiences.forget { $0 == hall }
    #expect(audiences.response(to: get(), of: attic, isThere: false, for: reader) == nil)
    audiences.forget { _ in false }
    #expect(audiences.response(to: get(), of: attic, isThere: false, for: reader) != nil)
  }

  @Test func `the audience of a room that is there takes the place of one that waits for a room`() throws {
    let audiences = audiences()
    let first = try #require(audiences.response(to: get(), of: hall, isThere: true, for: reader))
    let waiting = try #require(audiences.response(to: get(), of: den, isThere: false, for: reader))
    audiences.publish("a", id: 1, to: attic)
    #expect(waiting.endless?.body.isFinished == true)
    #expect(first.endless?.body.isFinished == false)
    #expect(
      audiences.response(to: get("0"), of: attic, isThere: true, for: reader).map { text($0) } == "data: a\nid: 1\n\n")
    // The end of an answer counts for its own audience only.
    audiences.forget { $0 != hall }
    waiting.onEnd?()
    #expect(audiences.readers == [hall: 1, attic: 1])
  }

  @Test func `a request for the head is no reader`() throws {
    let audiences = audiences()
    #expect(
      audiences.response(to: Request(method: .head, path: "/"), of: hall, isThere: false, for: reader)?.status == 200)
    #expect(audiences.readers.isEmpty)
  }

  @Test func `banned readers are sent away, and no others`() throws {
    let audiences = audiences()
    let bad = RoomAudiences.Reader(visitor: Visitor(road: .events, address: "198.51.100.1"), invite: nil)
    let good = try #require(audiences.response(to: get(), of: hall, isThere: true, for: reader))
    let sent = try #require(audiences.response(to: get(), of: hall, isThere: true, for: bad))
    _ = news.take(withPolls: true)
    audiences.dismiss(from: hall) { $0.visitor.address == "198.51.100.1" }
    #expect(sent.endless?.cutoff?.isCut == true && good.endless?.cutoff?.isCut == false)
    #expect(news.take(withPolls: true).channels == [5])
    audiences.dismiss(from: den) { _ in true }
    #expect(good.endless?.cutoff?.isCut == false)
  }

  @Test func `a reader that asks for everything gets the kept messages first`() throws {
    let member = try #require(MemberID(7))
    let chat = ServerMessage.chat(
      ChatMessage(stamp: Stamp(id: 3, time: WallTime(microseconds: 0)), from: member, name: "Ann", text: "kept"))
    let audiences = RoomAudiences(channels: 5..<6, headers: [], news: news) { [hall] in $0 == hall ? [chat] : [] }
    let all = try #require(audiences.response(to: get("0"), of: hall, isThere: false, for: reader))
    audiences.publish("new", id: 4, to: hall)
    #expect(text(all) == "data: \(chat.text)\nid: 3\n\ndata: new\nid: 4\n\n")
    let next = try #require(audiences.response(to: get(), of: hall, isThere: false, for: reader))
    #expect(text(next)?.isEmpty == true)
  }
}
