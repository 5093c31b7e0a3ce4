import Core
import HTTP
import Logging
import Rooms
import System

/// The state of the rooms' thread: the machine, and the roads of its connections.
struct RoomsThread: Sendable {
  /// A road that is open, and the member who came by it.
  private struct Way: Sendable {
    let room: RoomName
    let road: any MemberRoad
    /// Nil before the welcome.
    var member: Welcome.You?
  }

  /// The sender of a request, who waits for the answer.
  private struct Asker: Sendable {
    /// Nil where the request is no message of a member.
    let connection: ConnectionID?
    let answer: DeferredAnswer
    var hasAnswer = false
  }

  /// The time between two comments in answers of server-sent events.
  private static let commentPause = Duration.seconds(15)
  /// The time between two answers to polls: each answer asks every held request of the servers.
  private static let pollPause = Duration.milliseconds(50)
  private static let second = Duration.seconds(1)

  private let parts: RoomsParts
  private let log: Log
  private let deliver: @Sendable (_ channels: Set<Int>, _ wake: Bool) -> Void
  private(set) var rooms: Rooms
  private var ways: [ConnectionID: Way] = [:]
  private var asker: Asker?
  private var requests = 0
  /// Connections that were closed; the machine is told of each.
  private var closed: [ConnectionID] = []
  private var isListNew = true
  /// The decisions of hosts that the machine has told last.
  private var records = RoomRecords()
  /// Whether the rooms and the figures are to be shown to the other threads.
  private(set) var isShown = false
  private var lastSecond: MonotonicTime
  private var lastComment: MonotonicTime
  private var lastPolls: MonotonicTime
  private(set) var snapshot = RoomsSnapshot()

  init(_ parts: RoomsParts, log: Log, deliver: @escaping @Sendable (_ channels: Set<Int>, _ wake: Bool) -> Void) {
    (self.parts, self.log, self.deliver) = (parts, log, deliver)
    let now = MonotonicTime.now
    rooms = Rooms(parts.settings, seal: parts.seal, seed: .random(in: .min ... .max), at: .now)
    // The first run does what is due each second.
    lastSecond = now - Self.second
    (lastComment, lastPolls) = (now, now)
    for record in parts.records.restored.rooms { restore(record.room) }
    if !parts.records.restored.isEmpty { tell(.records(parts.records.restored)) }
  }

  /// Does everything that is due.
  /// - Parameter isEnd: whether all pages are told that the server restarts.
  /// - Returns: the time until the next run without a post; nil for ever.
  mutating func run(_ posts: [RoomsService.Post], isEnd: Bool) -> Duration? {
    let now = MonotonicTime.now
    isShown = false
    if now - lastSecond >= Self.second { eachSecond(now) }
    for post in posts { handle(post) }
    if let wake = rooms.nextWake, wake <= RoomsTime.now.monotonic { tell(.tick) }
    if isListNew { updateList() }
    if isEnd { end() }
    deliverNews(now)
    return wait(from: now)
  }
}

// Inputs

extension RoomsThread {
  private mutating func handle(_ post: RoomsService.Post) {
    switch post {
    case .opened(let connection, let room, let visitor, let road):
      restore(room)
      ways[connection] = Way(room: room, road: road)
      tell(.connected(connection, room, visitor))
    case .input(.disconnected(let connection)): roadEnded(connection)
    case .input(.streams(let streams)):
      tell(.streams(streams))
      tellAnchors()
      // Other threads decide by the streams who may enter.
      isListNew = true
    case .input(let input):
      tell(input)
      noteName(after: input)
    case .posted(let input, let connection, let answer):
      ask(input, Asker(connection: connection, answer: answer))
    case .request(let room, let requester, let request, let answer):
      restore(room)
      requests += 1
      ask(.request(RequestID(requests), room, requester, request), Asker(connection: nil, answer: answer))
    }
  }

  /// Tells an input whose sender waits for an answer.
  private mutating func ask(_ input: RoomsInput, _ asker: Asker) {
    self.asker = asker
    tell(input)
    noteName(after: input)
    if self.asker?.hasAnswer == false { asker.answer.respond(Response(status: 204)) }
    self.asker = nil
    // A hello that was refused opens no road: the page says hello again.
    if let connection = asker.connection, let way = ways[connection], way.member == nil { roadEnded(connection) }
  }

  private mutating func tell(_ input: RoomsInput) {
    if case .message = input { snapshot.messages += 1 }
    for action in rooms.handle(input, at: .now) { perform(action) }
    while let connection = closed.popLast() { tell(.disconnected(connection)) }
  }

  /// A member has perhaps another name now, which the log shows later.
  private mutating func noteName(after input: RoomsInput) {
    guard case .message(let connection, .name, _) = input, let way = ways[connection], let you = way.member,
      let state = rooms.member(you.id, of: way.room)
    else { return }
    ways[connection]?.member = Welcome.You(
      id: you.id, name: state.name, role: state.role, session: you.session, sound: you.sound)
  }

  private mutating func roadEnded(_ connection: ConnectionID) {
    guard let way = ways.removeValue(forKey: connection) else { return }
    if let member = way.member { log.debug("rooms: \(way.room): the road of \(Self.words(member)) has ended") }
    tell(.disconnected(connection))
  }

  /// A room that comes into being gets the chat that the disk has kept.
  private mutating func restore(_ room: RoomName) {
    guard let chat = parts.chat, !rooms.exists(room) else { return }
    let messages = chat.messages(of: room)
    if !messages.isEmpty { tell(.restored(room, messages)) }
  }

  private static func words(_ member: Welcome.You) -> String {
    "\(member.role.text) \(member.name) (member \(member.id.number))"
  }
}

// Actions

extension RoomsThread {
  private mutating func perform(_ action: RoomsAction) {
    switch action {
    case .send(let message, let connections): send(message, to: connections)
    case .answerCall(let connection, let member, var answer):
      parts.addServers(&answer, member)
      send(.call(answer), to: [connection])
    case .close(let connection, let code, let reason): close(connection, code, reason)
    case .publish(let message, let room):
      guard let id = message.stamp?.id else { return }
      snapshot.events += 1
      snapshot.eventsByRoom[room, default: 0] += 1
      parts.audiences.publish(message.text, id: id, to: room)
    case .store(let message, let room): parts.chat?.append(message, to: room)
    case .keep(let records): keep(records)
    case .answer(_, let answer): respond(Self.response(answer))
    case .log(let entry): log.info("rooms: \(entry.text)")
    case .voices(let room, let voices): update(voices, of: room)
    case .listChanged: isListNew = true
    case .ended(let room):
      snapshot.eventsByRoom[room] = nil
      log.debug("rooms: room \(room) has gone")
    }
  }

  /// Tells the mixer the voices of a room whose roads are open.
  private func update(_ voices: [VoiceState], of room: RoomName) {
    parts.voices.update(
      room,
      voices.compactMap { voice in (ways[voice.connection]?.road as? RoomSocket).map { (state: voice, socket: $0) } })
  }

  /// Keeps the decisions of hosts. A ban ends the answers of banned readers.
  private mutating func keep(_ records: RoomRecords) {
    parts.records.keep(records)
    let changed = records.roomsWithOtherBans(than: self.records)
    let rooms = records.invites == self.records.invites ? changed : Set(parts.audiences.readers.keys).union(changed)
    self.records = records
    isShown = true
    for room in rooms {
      parts.audiences.dismiss(from: room) { [machine = self.rooms] reader in
        machine.refusalOfAudience(room, reader.visitor, invite: reader.invite, at: .now)?.code == .banned
      }
    }
  }

  private mutating func send(_ message: ServerMessage, to connections: [ConnectionID]) {
    let rendered = RoadMessage(message.text)
    for connection in connections {
      if case .welcome(let welcome) = message { arrived(welcome.you, by: connection) }
      if let asker, asker.connection == connection, let response = Self.response(message, rendered.text) {
        respond(response)
      } else {
        ways[connection]?.road.send(rendered)
      }
    }
  }

  private mutating func arrived(_ member: Welcome.You, by connection: ConnectionID) {
    guard let way = ways[connection] else { return }
    isShown = true
    ways[connection]?.member = member
    (way.road as? RoomSocket)?.welcome()
    if let road = way.road as? RequestRoad { parts.requestRoads.add(road, of: member.session) }
    log.debug("rooms: \(way.room): \(Self.words(member)) has come")
  }

  private mutating func close(_ connection: ConnectionID, _ code: RoomCloseCode, _ reason: String) {
    guard let way = ways.removeValue(forKey: connection) else { return }
    way.road.close(code, reason: reason)
    closed.append(connection)
    if let member = way.member { log.debug("rooms: \(way.room): \(Self.words(member)) leaves: \(code.meaning)") }
  }

  private mutating func respond(_ response: Response) {
    guard asker?.hasAnswer == false else { return }
    asker?.hasAnswer = true
    asker?.answer.respond(response)
  }

  /// The answer to a POST by which a member has sent a message; nil where the message takes the road of all others.
  private static func response(_ message: ServerMessage, _ text: String) -> Response? {
    switch message {
    case .welcome: .json(text)
    case .error(let error): .refusal(error)
    default: nil
    }
  }

  private static func response(_ answer: RoomsRequest.Answer) -> Response {
    switch answer {
    case .event(let id): .json(JSON.object([("id", .number(id))]).text, status: 201)
    case .done: .json("{}")
    case .invite(let path, let expires):
      .json(JSON.object([("url", .string(path)), ("expires", .string(expires.text))]).text, status: 201)
    case .refused(let error): .refusal(error)
    }
  }
}

// Time

extension RoomsThread {
  private mutating func eachSecond(_ now: MonotonicTime) {
    lastSecond = now
    tellAnchors()
    for road in parts.requestRoads.takeSilent(at: now) { roadEnded(road.connection) }
    parts.audiences.forget { rooms.exists($0) }
    updateList()
    if now - lastComment >= Self.commentPause {
      lastComment = now
      parts.audiences.comment()
      parts.requestRoads.comment()
      if parts.list.hasReaders { parts.list.comment() }
    }
  }

  private mutating func tellAnchors() {
    for (room, anchor) in parts.anchors() { tell(.anchor(room, anchor)) }
  }

  private mutating func updateList() {
    (isListNew, isShown) = (false, true)
    let audience = parts.audiences.readers
    let now = RoomsTime.now
    let closed = parts.closedRooms()
    func summaries(isOperator: Bool, mayListen: Bool) -> [RoomSummary] {
      rooms.list(isOperator: isOperator, mayListen: { mayListen && !closed.contains($0) }, at: now).map { summary in
        var summary = summary
        summary.audience = audience[summary.name] ?? 0
        return summary
      }
    }
    snapshot.rooms = summaries(isOperator: true, mayListen: true)
    snapshot.members = rooms.counts.members
    snapshot.audience = audience.values.reduce(0, +)
    parts.list.update(snapshot.rooms, for: .operator)
    parts.list.update(summaries(isOperator: false, mayListen: true), for: .listener)
    parts.list.update(summaries(isOperator: false, mayListen: false), for: .anybody)
  }

  private mutating func deliverNews(_ now: MonotonicTime) {
    let (channels, polls) = parts.news.take(withPolls: now - lastPolls >= Self.pollPause)
    if polls { lastPolls = now }
    if polls || !channels.isEmpty { deliver(channels, polls) }
  }

  private func wait(from now: MonotonicTime) -> Duration? {
    var next = rooms.nextWake.map { $0 - RoomsTime.now.monotonic }
    func consider(_ span: Duration) { next = min(next ?? span, span) }
    let isIdle = ways.isEmpty && snapshot.rooms.isEmpty && snapshot.audience == 0 && !parts.list.hasReaders
    if !isIdle || !parts.requestRoads.isEmpty { consider(lastSecond + Self.second - now) }
    if parts.news.hasPolls { consider(lastPolls + Self.pollPause - now) }
    return next.map { max($0, .zero) }
  }

  /// Tells all pages that the server restarts.
  private mutating func end() {
    for way in ways.values { way.road.close(.restart, reason: "the server restarts") }
    ways = [:]
    parts.audiences.finish()
    parts.list.finish()
  }
}

extension Response {
  /// JSON that is the answer to one request.
  static func json(_ text: String, status: Int = 200) -> Response {
    Response(
      status: status,
      headers: [(name: "Content-Type", value: "application/json"), (name: "Cache-Control", value: "no-store")],
      body: [Bytes.Slice(Array(text.utf8))])
  }

  /// The refusal of a message or a request.
  static func refusal(_ error: RoomError) -> Response { .json(error.json.text, status: error.code.status) }
}
