import Core
import Testing

@testable import Rooms

/// Rooms with pages: what each page has got, and everything that the shell was told to do.
final class Station {
  private(set) var rooms: Rooms
  private(set) var now: RoomsTime
  /// By connection.
  private(set) var inboxes: [Int: [ServerMessage]] = [:]
  private(set) var closed: [Int: RoomCloseCode] = [:]
  private(set) var published: [ServerMessage] = []
  private(set) var stored: [ServerMessage] = []
  private(set) var log: [String] = []
  /// The last voices of each room.
  private(set) var voices: [RoomName: [VoiceState]] = [:]
  private(set) var callAnswers: [Int: CallAnswer] = [:]
  private(set) var ended: [String] = []
  /// The times of `listChanged`.
  private(set) var listChanges: [Duration] = []
  private(set) var answers: [Int: RoomsRequest.Answer] = [:]
  private var lastConnection = 0

  static let hall = RoomName("hall")!
  static let noon = WallTime("2026-11-29T12:00:00.000Z")!
  static let seal = TestSeal()

  init(
    open: Role? = .talker, hasCalls: Bool = false, at start: WallTime = noon, seed: UInt64 = 1,
    _ change: (inout RoomsSettings) -> Void = { _ in }
  ) {
    var settings = RoomsSettings()
    settings.openRole = open
    settings.hasCalls = hasCalls
    change(&settings)
    now = RoomsTime(monotonic: .seconds(100), wall: start)
    rooms = Rooms(settings, seal: Self.seal, seed: seed, at: now)
  }

  // MARK: What the shell does

  func give(_ input: RoomsInput) {
    for action in rooms.handle(input, at: now) { perform(action) }
  }

  private func perform(_ action: RoomsAction) {
    switch action {
    case .send(let message, let connections):
      #expect(!connections.isEmpty && Set(connections).count == connections.count)
      for connection in connections {
        #expect(closed[connection.number] == nil, "nothing is sent after a close")
        inboxes[connection.number, default: []].append(message)
      }
    case .answerCall(let connection, _, let answer): callAnswers[connection.number] = answer
    case .close(let connection, let code, _): closed[connection.number] = code
    case .publish(let message, _): published.append(message)
    case .store(let message, _): stored.append(message)
    case .answer(let request, let answer): answers[request.number] = answer
    case .log(let entry): log.append(entry.text)
    case .voices(let room, let states): voices[room] = states
    case .listChanged: listChanges.append(now.monotonic)
    case .ended(let room): ended.append(room.text)
    }
  }

  /// Lets time pass; the rooms are woken whenever they ask for it.
  func wait(_ span: Duration) {
    let end = now.monotonic + span
    while let wake = rooms.nextWake, wake <= end {
      let before = now.monotonic
      pass(max(.zero, wake - now.monotonic))
      give(.tick)
      if let next = rooms.nextWake {
        #expect(next > now.monotonic || now.monotonic > before, "what was due is done")
        if next <= now.monotonic { break }
      }
    }
    pass(max(.zero, end - now.monotonic))
  }

  private func pass(_ span: Duration) {
    now = RoomsTime(
      monotonic: now.monotonic + span,
      wall: WallTime(microseconds: now.wall.microseconds + span.microseconds))
  }

  // MARK: What pages do

  func connect(
    to room: RoomName = hall, road: Road = .webSocket, address: String = "192.0.2.1", _ credentials: Credentials = .none
  ) -> Int {
    lastConnection += 1
    give(
      .connected(ConnectionID(lastConnection), room, Visitor(road: road, address: address, credentials: credentials)))
    return lastConnection
  }

  func send(_ message: ClientMessage, on connection: Int, _ credentials: Credentials = .none) {
    give(.message(ConnectionID(connection), message, credentials))
  }

  /// Enters a room; the inbox then holds the answer.
  func enter(
    _ name: String? = nil, to room: RoomName = hall, address: String = "192.0.2.1",
    _ credentials: Credentials = .none, _ change: (inout Hello) -> Void = { _ in }
  ) -> Int {
    let connection = connect(to: room, address: address)
    var hello = Hello()
    hello.name = name
    change(&hello)
    send(.hello(hello), on: connection, credentials)
    return connection
  }

  func host(_ name: String = "Host") -> Int {
    let invite = invite(.host)
    return enter(name) { $0.invite = invite }
  }

  func lose(_ connection: Int) { give(.disconnected(ConnectionID(connection))) }

  func chat(_ text: String, on connection: Int) { send(.chat(text: text, nonce: nil), on: connection) }

  func act(_ action: HostAction, on connection: Int) { send(.host(action), on: connection) }

  func request(_ request: RoomsRequest, _ requester: Requester, _ room: RoomName = hall) -> RoomsRequest
    .Answer?
  {
    let number = answers.count
    give(.request(RequestID(number), room, requester, request))
    return answers[number]
  }

  func invite(_ role: Role, to room: RoomName = hall, life: Duration = .seconds(3600), id: UInt64 = 0xabc) -> String {
    let end = WallTime(microseconds: now.wall.microseconds + life.microseconds)
    return Invite(room: room, role: role, expires: end, id: id).text(Self.seal)
  }

  // MARK: What pages see

  func inbox(_ connection: Int) -> [ServerMessage] { inboxes[connection] ?? [] }

  /// The inbox, which is empty then.
  func read(_ connection: Int) -> [ServerMessage] {
    defer { inboxes[connection] = [] }
    return inbox(connection)
  }

  func welcome(_ connection: Int) throws -> Welcome {
    for case .welcome(let welcome) in inbox(connection).reversed() { return welcome }
    throw NoWelcome(inbox: inbox(connection))
  }

  struct NoWelcome: Error {
    let inbox: [ServerMessage]
  }

  func id(_ connection: Int) throws -> MemberID { try welcome(connection).you.id }

  func chats(_ connection: Int) -> [ChatMessage] {
    inbox(connection).compactMap { if case .chat(let chat) = $0 { chat } else { nil } }
  }

  func texts(_ connection: Int) -> [String] { chats(connection).map(\.text) }

  func errors(_ connection: Int) -> [ErrorCode] {
    inbox(connection).compactMap { if case .error(let error) = $0 { error.code } else { nil } }
  }

  func changes(_ connection: Int) -> [MembersChange] {
    inbox(connection).compactMap { if case .members(let change) = $0 { change } else { nil } }
  }

  func polls(_ connection: Int) -> [PollState] {
    inbox(connection).compactMap { if case .poll(let poll) = $0 { poll } else { nil } }
  }

  func member(_ name: String, _ room: RoomName = hall) throws -> MemberState {
    try #require(rooms.members(of: room).first { $0.name == name })
  }
}

/// A code that changes with each byte, but that anybody can compute.
struct TestSeal: Seal {
  var key: UInt64 = 1

  func code(of bytes: [UInt8]) -> [UInt8] {
    let first = FNV1a.hash(bytes[...], after: FNV1a.basis &+ key)
    let second = FNV1a.hash(bytes[...], after: first)
    return [first, second].flatMap { hash in (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) } }
  }
}
