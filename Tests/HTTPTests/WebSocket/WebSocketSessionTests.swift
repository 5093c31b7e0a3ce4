import Synchronization
import System
import Testing

@testable import HTTP

@Suite struct WebSocketSessionTests {
  /// Notes the calls.
  final class Notes: WebSocketHandler {
    private let notes = Mutex<[String]>([])

    func received(_ message: WebSocketMessage) {
      let note =
        switch message {
        case .text(let text): text
        case .binary(let bytes): "\(bytes)"
        }
      notes.withLock { $0.append(note) }
    }

    func closed(_ code: WebSocketCloseCode, reason: String) {
      notes.withLock { $0.append("closed \(code.rawValue) \(reason)") }
    }

    var all: [String] { notes.withLock { $0 } }
  }

  /// A session, its client and its application, at a time of their own in seconds.
  private final class Fixture {
    let notes = Notes()
    let client = SlowClient()
    let wakes = Wakes()
    let webSocket: WebSocket
    var session: WebSocketSession
    var now = 0

    final class Wakes: Sendable {
      let count = Atomic(0)
    }

    init(limits: WebSocketSettings.Limits = .init(messages: 4, bytes: 1000)) {
      let settings = WebSocketSettings(
        messageLimit: 100, backlog: limits, pingInterval: .seconds(10), silenceTimeout: .seconds(25),
        closeTimeout: .seconds(5))
      let wakes = wakes
      webSocket = WebSocket(limits: limits) { wakes.count.add(1, ordering: .relaxed) }
      session = WebSocketSession(webSocket, handler: notes, settings: settings, at: Self.time(0))
    }

    static func time(_ seconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

    var time: MonotonicTime { Self.time(now) }

    /// The session's deadline, in seconds.
    var deadline: Int? { session.deadline.map { $0.nanoseconds / 1_000_000_000 } }

    func receive(_ bytes: [UInt8]) {
      bytes.withUnsafeBytes { session.receive($0, at: time) }
    }

    func send() -> WebSocketSession.Verdict {
      session.sendPending(at: time) { client.take($0, $1) }
    }

    /// Goes on to the session's deadline.
    func tick() {
      now = deadline ?? now
      session.tick(at: time)
    }
  }

  private static let levels = WebSocketMessageKind(number: 1, overflow: .dropOldest)
  private static let orders = WebSocketMessageKind(number: 2, overflow: .disconnect)

  private let fixture = Fixture()

  @Test func `messages reach the application, and its messages the client`() {
    fixture.receive(ClientFrame.text("hello") + ClientFrame.binary([1, 2]))
    #expect(fixture.notes.all == ["hello", "[1, 2]"])
    fixture.webSocket.send(.text("welcome"), kind: Self.orders)
    #expect(fixture.send() == .sent)
    #expect(fixture.client.frames == ["welcome"])
  }

  @Test func `a ping is answered with its payload`() {
    fixture.receive(ClientFrame.ping("x") + ClientFrame.ping("y"))
    #expect(fixture.send() == .sent)
    #expect(fixture.client.frames == ["pong x", "pong y"])
    #expect(fixture.notes.all.isEmpty)
  }

  @Test(arguments: [
    (ClientFrame.close(1000, "bye"), "close 1000 ", "closed 1000 bye"),
    (ClientFrame.close(4321), "close 4321 ", "closed 4321 "), (ClientFrame(0x88).bytes, "close", "closed 1005 "),
    (ClientFrame.close(1005), "close 1002 invalid close code", "closed 1002 invalid close code"),
    (ClientFrame(0x83).bytes, "close 1002 unknown opcode", "closed 1002 unknown opcode"),
    (
      ClientFrame.text(String(repeating: "a", count: 101)), "close 1009 the message has more than 100 bytes",
      "closed 1009 the message has more than 100 bytes"
    ),
  ])
  func `a close or a failure is answered with a close, and ends the connection`(
    bytes: [UInt8], answer: String, note: String
  ) {
    fixture.receive(bytes + ClientFrame.text("ignored") + ClientFrame.ping())
    fixture.receive(ClientFrame.text("ignored"))
    #expect(fixture.send() == .over)
    #expect(fixture.session.isOver)
    #expect(fixture.client.frames == [answer])
    #expect(fixture.notes.all == [note])
    #expect(fixture.deadline == nil)
  }

  @Test func `messages before a failure are still answered, but not before a close`() {
    fixture.webSocket.send(.text("answer"), kind: Self.orders)
    fixture.receive(ClientFrame(0x83).bytes)
    fixture.webSocket.send(.text("late"), kind: Self.orders)
    #expect(fixture.send() == .over)
    #expect(fixture.client.frames == ["answer", "close 1002 unknown opcode"])
    let other = Fixture()
    other.webSocket.send(.text("answer"), kind: Self.orders)
    other.receive(ClientFrame.close(1000))
    #expect(other.send() == .over)
    #expect(other.client.frames == ["close 1000 "])
  }

  @Test func `the application closes after its messages, and the client answers`() {
    fixture.webSocket.send(.text("last"), kind: Self.orders)
    fixture.webSocket.close(.normal, reason: "done")
    fixture.webSocket.close(.goingAway)
    fixture.webSocket.send(.text("too late"), kind: Self.orders)
    #expect(fixture.send() == .sent)
    #expect(fixture.client.frames == ["last", "close 1000 done"])
    #expect(fixture.notes.all == ["closed 1000 done"])
    // Messages on their way are ignored.
    fixture.receive(ClientFrame.text("a") + ClientFrame.ping())
    #expect(fixture.send() == .sent)
    fixture.receive(ClientFrame.close(1000))
    #expect(fixture.send() == .over)
    #expect(fixture.client.frames == ["last", "close 1000 done"])
    #expect(fixture.notes.all == ["closed 1000 done"])
  }

  @Test func `a close of the client that comes first drops the messages`() {
    fixture.client.room = 0
    for text in ["a", "b"] { fixture.webSocket.send(.text(text), kind: Self.orders) }
    fixture.webSocket.close(.goingAway)
    #expect(fixture.send() == .blocked)
    fixture.receive(ClientFrame.close(1000))
    fixture.client.room = .max
    #expect(fixture.send() == .over)
    #expect(fixture.client.frames == ["a", "close 1001 "])
    #expect(fixture.notes.all == ["closed 1001 "])
  }

  @Test func `a client that does not answer a close is given up`() {
    fixture.now = 3
    fixture.session.close(.goingAway, reason: "bye", afterMessages: false, at: fixture.time)
    #expect(fixture.send() == .sent)
    #expect(fixture.deadline == 8)
    fixture.now = 7
    fixture.session.tick(at: fixture.time)
    #expect(!fixture.session.isOver)
    fixture.tick()
    #expect(fixture.session.isOver)
    #expect(fixture.notes.all == ["closed 1001 bye"])
  }

  @Test func `a client that does not take the close is given up`() {
    fixture.client.room = 0
    fixture.receive(ClientFrame.close(1000))
    #expect(fixture.send() == .blocked)
    #expect(fixture.deadline == 5)
    fixture.tick()
    #expect(fixture.send() == .over)
  }

  @Test func `a silent client is asked, and then given up`() {
    #expect(fixture.deadline == 10)
    for second in [10, 20] {
      fixture.tick()
      #expect(fixture.now == second)
      #expect(fixture.send() == .sent)
    }
    #expect(fixture.client.frames == ["ping", "ping"])
    fixture.tick()
    #expect(fixture.now == 25)
    #expect(fixture.send() == .sent)
    #expect(fixture.client.frames.last == "close 1011 no answer to a ping")
    #expect(fixture.notes.all == ["closed 1011 no answer to a ping"])
    fixture.tick()
    #expect(fixture.now == 30)
    #expect(fixture.session.isOver)
  }

  @Test func `any byte shows that the client is there`() {
    for byte in ClientFrame.text("1234") {
      fixture.tick()
      fixture.receive([byte])
    }
    #expect(fixture.now == 100)
    #expect(fixture.notes.all == ["1234"])
    #expect(fixture.deadline == 110)
  }

  @Test func `a slow client is disconnected, or misses the oldest messages`() {
    fixture.client.room = 0
    for number in 1...20 {
      fixture.webSocket.send(.text("l\(number)"), kind: Self.levels)
      #expect(fixture.send() == .blocked)
    }
    #expect(fixture.notes.all.isEmpty)
    for number in 1...5 {
      fixture.webSocket.send(.text("o\(number)"), kind: Self.orders)
      #expect(fixture.send() == .blocked)
    }
    #expect(fixture.notes.all == ["closed 1008 the messages are taken too slowly"])
    fixture.client.room = .max
    #expect(fixture.send() == .sent)
    #expect(fixture.client.frames == ["l1", "close 1008 the messages are taken too slowly"])
  }

  @Test func `the inbox of a busy loop is bounded by the same rules`() {
    for number in 1...20 { fixture.webSocket.send(.text("l\(number)"), kind: Self.levels) }
    #expect(fixture.send() == .sent)
    #expect(fixture.client.frames == ["l17", "l18", "l19", "l20"])
    for number in 1...5 { fixture.webSocket.send(.text("o\(number)"), kind: Self.orders) }
    #expect(fixture.send() == .sent)
    #expect(fixture.client.frames.last == "close 1008 the messages are taken too slowly")
  }

  @Test func `the loop is woken once for all posts until it looks`() {
    for _ in 1...3 { fixture.webSocket.send(.text("a"), kind: Self.levels) }
    #expect(fixture.wakes.count.load(ordering: .relaxed) == 1)
    #expect(fixture.send() == .sent)
    fixture.webSocket.close()
    #expect(fixture.wakes.count.load(ordering: .relaxed) == 2)
    fixture.session.connectionEnded()
    fixture.webSocket.send(.text("b"), kind: Self.levels)
    #expect(fixture.wakes.count.load(ordering: .relaxed) == 2)
    #expect(fixture.webSocket.takePosts() == nil)
  }

  @Test func `a connection that breaks is told once`() {
    fixture.webSocket.send(.text("a"), kind: Self.levels)
    fixture.client.isGone = true
    #expect(fixture.send() == .over)
    fixture.session.connectionEnded()
    #expect(fixture.send() == .over)
    #expect(fixture.notes.all == ["closed 1006 "])
  }

  @Test func `one frame goes to many clients without a copy`() {
    let frame = WebSocketFrame.text("to all")
    let fixtures = (1...10).map { _ in Fixture() }
    for fixture in fixtures { fixture.webSocket.send(frame, kind: Self.levels) }
    let addresses = fixtures.map { fixture in
      var address: UnsafeRawPointer?
      let verdict = fixture.session.sendPending(at: fixture.time) { bytes, _ in
        address = bytes.baseAddress
        return bytes.count
      }
      #expect(verdict == .sent)
      return address
    }
    #expect(Set(addresses).count == 1)
  }

  @Test func `any number of threads may send`() async {
    let webSocket = fixture.webSocket
    await withTaskGroup(of: Void.self) { group in
      for thread in 1...4 {
        group.addTask { for number in 1...500 { webSocket.send(.text("\(thread) \(number)"), kind: Self.levels) } }
      }
      await group.waitForAll()
    }
    #expect(fixture.send() == .sent)
    #expect(fixture.client.frames.count == 4)
    #expect(fixture.client.frames.contains { $0.hasSuffix(" 500") })
  }
}
