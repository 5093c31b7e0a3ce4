import Testing

@testable import HTTP

@Suite struct WebSocketQueueTests {
  private static let levels = WebSocketMessageKind(number: 1, overflow: .dropOldest)
  private static let titles = WebSocketMessageKind(number: 2, overflow: .dropOldest)
  private static let orders = WebSocketMessageKind(number: 3, overflow: .disconnect)

  private let client = SlowClient()

  private static func queue(messages: Int = 3, bytes: Int = 1000) -> WebSocketQueue {
    WebSocketQueue(limits: .init(messages: messages, bytes: bytes))
  }

  private func add(_ text: String, _ kind: WebSocketMessageKind, to queue: inout WebSocketQueue) -> Bool {
    queue.append(.init(frame: .text(text), kind: kind))
  }

  private func send(_ queue: inout WebSocketQueue) -> WebSocketQueue.Verdict {
    queue.sendPending { client.take($0, $1) }
  }

  @Test func `messages are sent in order, and nothing is nothing`() {
    var queue = Self.queue()
    #expect(send(&queue) == .sent)
    for text in ["a", "b"] { #expect(add(text, Self.orders, to: &queue)) }
    #expect(send(&queue) == .sent)
    #expect(client.frames == ["a", "b"])
    #expect(client.more == [true, false])
    #expect(add("c", Self.levels, to: &queue))
    #expect(send(&queue) == .sent)
    #expect(client.frames == ["a", "b", "c"])
  }

  @Test(arguments: 1...9) func `frames that are taken in pieces go on where they stopped`(room: Int) {
    var queue = Self.queue()
    client.room = room
    for text in ["one", "", "three"] { #expect(add(text, Self.orders, to: &queue)) }
    var sends = 0
    while send(&queue) == .blocked { sends += 1 }
    #expect(client.frames == ["one", "", "three"])
    #expect(sends > 0 || room >= 7)
  }

  @Test func `bytes that were not taken are offered again`() {
    var queue = Self.queue()
    client.room = 0
    #expect(add("abc", Self.levels, to: &queue))
    #expect(send(&queue) == .blocked)
    // A frame that was offered counts as begun.
    for text in ["1", "2", "3", "4"] { #expect(add(text, Self.levels, to: &queue)) }
    queue.answerPing([])
    client.room = .max
    #expect(send(&queue) == .sent)
    #expect(client.frames == ["abc", "pong ", "2", "3", "4"])
  }

  @Test func `a kind may limit how many of its messages wait, and the newest stay`() {
    let sound = WebSocketMessageKind(number: 4, overflow: .dropOldest, mostWaiting: 2)
    var queue = Self.queue(messages: 100)
    client.room = 0
    #expect(add("first", Self.orders, to: &queue))
    #expect(send(&queue) == .blocked)
    for number in 1...5 {
      #expect(add("sound \(number)", sound, to: &queue))
      #expect(add("order \(number)", Self.orders, to: &queue))
    }
    client.room = .max
    #expect(send(&queue) == .sent)
    #expect(
      client.frames == ["first", "order 1", "order 2", "order 3", "sound 4", "order 4", "sound 5", "order 5"])
    // The bytes of the messages that were dropped are free again.
    client.room = 0
    #expect(add(String(repeating: "a", count: 900), Self.orders, to: &queue))
  }

  @Test func `the oldest messages of the same kind are dropped`() {
    var queue = Self.queue()
    for (text, kind) in [("t1", Self.titles), ("l1", Self.levels), ("l2", Self.levels), ("l3", Self.levels)] {
      #expect(add(text, kind, to: &queue))
    }
    #expect(add("l4", Self.levels, to: &queue))
    #expect(send(&queue) == .sent)
    #expect(client.frames == ["t1", "l3", "l4"])
  }

  @Test func `bytes are bounded too`() {
    var queue = Self.queue(messages: 100, bytes: 12)
    for text in ["aaaa", "bb", "ccccc", "dd"] { #expect(add(text, Self.levels, to: &queue)) }
    #expect(send(&queue) == .sent)
    #expect(client.frames == ["ccccc", "dd"])
  }

  @Test func `a message that finds no room among other kinds is dropped, or disconnects`() {
    var queue = Self.queue(messages: 2)
    for text in ["a", "b"] { #expect(add(text, Self.orders, to: &queue)) }
    #expect(add("l", Self.levels, to: &queue))
    #expect(!add("c", Self.orders, to: &queue))
    #expect(send(&queue) == .sent)
    #expect(client.frames == ["a", "b"])
    #expect(add("d", Self.orders, to: &queue))
  }

  @Test func `messages that may be dropped give way to one that disconnects`() {
    var queue = Self.queue(messages: 3)
    for (text, kind) in [("l1", Self.levels), ("a", Self.orders), ("t1", Self.titles)] {
      #expect(add(text, kind, to: &queue))
    }
    for text in ["b", "c"] { #expect(add(text, Self.orders, to: &queue)) }
    #expect(!add("d", Self.orders, to: &queue))
    #expect(send(&queue) == .sent)
    #expect(client.frames == ["a", "b", "c"])
  }

  @Test func `a message that is larger than the queue is dropped, or disconnects`() {
    var queue = Self.queue(bytes: 10)
    #expect(add("01234567", Self.levels, to: &queue))
    #expect(add("012345678", Self.titles, to: &queue))
    #expect(!add("012345678", Self.orders, to: &queue))
  }

  @Test func `control frames go before messages, at the end of a frame`() {
    var queue = Self.queue()
    for text in ["abc", "d"] { #expect(add(text, Self.orders, to: &queue)) }
    client.room = 2
    #expect(send(&queue) == .blocked)
    queue.sendPing()
    queue.answerPing(Array("1".utf8))
    client.room = .max
    #expect(send(&queue) == .sent)
    #expect(client.frames == ["abc", "pong 1", "ping", "d"])
  }

  @Test func `only the latest pings are answered`() {
    var queue = Self.queue()
    for number in 1...18 { queue.answerPing(Array("\(number)".utf8)) }
    for _ in 1...3 { queue.sendPing() }
    #expect(send(&queue) == .sent)
    #expect(client.frames == (3...18).map { "pong \($0)" } + ["ping"])
  }

  @Test func `nothing follows a close frame`() {
    var queue = Self.queue()
    client.room = 1
    for text in ["a", "b"] { #expect(add(text, Self.orders, to: &queue)) }
    #expect(send(&queue) == .blocked)
    queue.finish(.close(.normal), afterMessages: false)
    queue.finish(.close(.goingAway), afterMessages: false)
    #expect(add("c", Self.orders, to: &queue))
    client.room = .max
    #expect(send(&queue) == .closed)
    queue.answerPing([])
    queue.sendPing()
    #expect(add("d", Self.orders, to: &queue))
    queue.finish(.close(.goingAway), afterMessages: false)
    #expect(send(&queue) == .closed)
    #expect(client.frames == ["a", "close 1000 "])
    #expect(client.more.last == false)
  }

  @Test func `a close frame may wait for the messages`() {
    var queue = Self.queue()
    for text in ["a", "b"] { #expect(add(text, Self.orders, to: &queue)) }
    queue.finish(.close(.normal, reason: "done"), afterMessages: true)
    #expect(send(&queue) == .closed)
    #expect(client.frames == ["a", "b", "close 1000 done"])
    #expect(client.more == [true, true, false])
  }

  @Test func `a client that is gone is given up`() {
    var queue = Self.queue()
    client.isGone = true
    #expect(send(&queue) == .sent)
    #expect(add("a", Self.orders, to: &queue))
    #expect(send(&queue) == .broken)
  }
}
