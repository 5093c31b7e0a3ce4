import Core
import Testing

@testable import Rooms

@Suite struct ChatTests {
  @Test func `everybody gets a chat, the sender too, with the time`() throws {
    let station = Station(at: WallTime("2026-11-29T12:00:00.123Z")!)
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    station.chat("hello <b>", on: bob)
    let chat = try #require(station.chats(ann).first)
    #expect(chat.text == "hello <b>" && chat.name == "Bob")
    #expect(try chat.from == station.id(bob))
    #expect(chat.stamp.time.text == "2026-11-29T12:00:00.123Z" && chat.stamp.position == nil)
    #expect(station.chats(bob) == [chat] && station.published == [.chat(chat)] && station.stored == [.chat(chat)])
  }

  @Test func `only the sender gets the nonce`() throws {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    station.send(.chat(text: "hi", nonce: "n1"), on: bob)
    #expect(station.chats(ann).map(\.nonce) == [nil] && station.chats(bob).map(\.nonce) == ["n1"])
    #expect(station.published.count == 1 && station.published[0].text.contains("nonce") == false)
    station.send(.chat(text: "hi", nonce: String(repeating: "n", count: 101)), on: bob)
    #expect(station.errors(bob) == [.tooLong] && station.chats(bob).count == 1)
  }

  @Test func `ids only rise, over the life of rooms too`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    for number in 0..<10 { station.chat("\(number)", on: ann) }
    let ids = station.chats(ann).map(\.stamp.id)
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
    station.send(.leave, on: ann)
    station.wait(RoomsLimits.grace)
    let again = station.enter("Ann")
    #expect(try station.welcome(again).last >= ids[9])
    station.chat("again", on: again)
    #expect(station.chats(again)[0].stamp.id > ids[9])
  }

  @Test func `a text loses control characters, and an empty text is refused`() {
    let station = Station()
    let ann = station.enter("Ann")
    station.chat("a\u{0}b\u{1B}[31m\n\tc\u{85}", on: ann)
    #expect(station.texts(ann) == ["ab[31m\n\tc"])
    for text in ["", " \n", "\u{0}"] { station.chat(text, on: ann) }
    #expect(station.errors(ann) == [.badMessage, .badMessage, .badMessage])
  }

  @Test func `a member deletes own messages, and a host deletes all`() throws {
    let station = Station()
    let (host, ann, bob) = (station.host(), station.enter("Ann"), station.enter("Bob"))
    station.chat("mine", on: ann)
    station.chat("mine too", on: ann)
    let ids = station.chats(ann).map(\.stamp.id)
    station.send(.delete(message: ids[0]), on: bob)
    #expect(station.errors(bob) == [.notAllowed])
    station.send(.delete(message: ids[0]), on: ann)
    station.send(.delete(message: ids[1]), on: host)
    station.send(.delete(message: ids[1]), on: host)
    #expect(station.errors(host) == [.noSuchMessage])
    let deletions = station.inbox(bob).compactMap { if case .deleted(let deletion) = $0 { deletion } else { nil } }
    #expect(deletions.map(\.message) == ids)
    #expect(try deletions.map(\.by) == [station.id(ann), station.id(host)])
    let late = station.enter("Late")
    #expect(try station.welcome(late).history == deletions.map { .deleted($0) })
    #expect(station.log.contains { $0.contains("deleted message \(ids[1]) of Ann") })
  }

  @Test func `writing ends typing`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    station.send(.typing(true), on: ann)
    station.chat("done", on: ann)
    #expect(try !station.member("Ann").isTyping)
  }

  @Test func `a chat keeps the name of its time`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    station.chat("one", on: ann)
    station.send(.name("Anna"), on: ann)
    station.chat("two", on: ann)
    #expect(station.chats(ann).map(\.name) == ["Ann", "Anna"])
  }

  @Test func `a chat that is refused comes back with its nonce, and no other refusal has one`() throws {
    let station = Station { $0.limits.rate = 1 }
    let ann = station.enter("Ann")
    func nonces() -> [String?] {
      station.read(ann).compactMap { if case .error(let error) = $0 { .some(error.nonce) } else { nil } }
    }
    station.wait(.seconds(2))
    station.send(.chat(text: " ", nonce: "a"), on: ann)
    station.send(.chat(text: "too fast", nonce: "b"), on: ann)
    #expect(nonces() == ["a", "b"])
    station.wait(.seconds(2))
    station.send(.chat(text: "", nonce: nil), on: ann)
    station.wait(.seconds(2))
    station.send(.delete(message: 1), on: ann)
    #expect(nonces() == [nil, nil])
  }
}
