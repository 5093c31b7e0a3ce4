import Core

@testable import Rooms

/// Rooms with pages that send a sequence of messages. The invariants of the rooms are checked after each input.
///
/// An input is one octet that chooses the kind, one that chooses the connection, and what the kind needs.
struct RoomsPages {
  /// The knowledge of one page, from its messages.
  private struct Page {
    let room: RoomName
    /// The member that the page is; nil before `welcome`, and for a page that knows only `server_message`.
    var you: Welcome.You?
    var members: Set<MemberID> = []
    /// The highest id of a message.
    var last = -1
  }

  private static let names = ["hall", "cellar", "live"].map { RoomName($0)! }
  private static let mostConnections = 12
  private static let mostSteps = 40

  private var rooms: Rooms
  private let limits: RoomsLimits
  private var now = RoomsTime(monotonic: .seconds(1), wall: WallTime(microseconds: 1_795_953_600_000_000))
  private var pages: [ConnectionID: Page] = [:]
  private var nextConnection = 1
  private var nextRequest = 0
  private var answered: Set<Int> = []
  private var sessions: [String] = []
  private var invites: [String] = []
  /// Members whom a host has banned. They are heard no more.
  private var banned: Set<MemberID> = []
  /// The highest id that the audience of a room has got.
  private var published: [RoomName: Int] = [:]
  /// The voices of each room, as the mixer was told.
  private var voices: [RoomName: [VoiceState]] = [:]
  /// The decisions of hosts, as the disk keeps them.
  private var records = RoomRecords()
  private var listTold: Duration?
  private var membersTold: [RoomName: Duration] = [:]

  init() {
    var settings = RoomsSettings()
    settings.limits.rooms = 2
    settings.limits.members = 4
    settings.openRole = .talker
    settings.hasCalls = true
    settings.streams.sourceOf[Self.names[0]] = ["live"]
    settings.streams.named[Self.names[2]] = StreamRoom(admitsListeners: true)
    limits = settings.limits
    rooms = Rooms(settings, seal: FuzzSeal(), seed: 7, at: now)
    for room in Self.names {
      let end = WallTime(microseconds: now.wall.microseconds + 60_000_000)
      for role in [Role.talker, .host] {
        invites.append(Invite(room: room, role: role, expires: end, id: 5).text(FuzzSeal()))
      }
    }
  }

  /// - Parameter input: any bytes.
  static func run(_ input: [UInt8]) {
    var pages = RoomsPages()
    var rest = input[...]
    for _ in 0..<mostSteps {
      guard let kind = rest.popFirst() else { break }
      pages.step(kind, &rest)
    }
    for name in names { precondition(pages.rooms.history(of: name, after: -1).count <= 2 * RoomsLimits.history) }
    // Everything ends by itself.
    for connection in Array(pages.pages.keys) { pages.lose(connection) }
    for _ in 0..<100 { pages.wait(.seconds(1)) }
    precondition(pages.rooms.counts == (0, 0, 0))
  }

  /// The file with the decisions of hosts, which is read at the start.
  static func restore(_ input: [UInt8]) {
    guard let records = try? RoomRecords(text: input) else { return }
    guard (try? RoomRecords(text: Array(records.text.utf8))) == records else { preconditionFailure(records.text) }
    var pages = RoomsPages()
    _ = pages.rooms.handle(.records(records), at: pages.now)
    precondition(pages.rooms.counts.rooms <= pages.limits.rooms)
    // The rooms are empty, and go.
    pages.now = RoomsTime(monotonic: pages.now.monotonic + RoomsLimits.grace, wall: pages.now.wall)
    _ = pages.rooms.handle(.tick, at: pages.now)
    precondition(pages.rooms.counts == (0, 0, 0))
  }

  private mutating func step(_ kind: UInt8, _ rest: inout ArraySlice<UInt8>) {
    let number = Int(rest.popFirst() ?? 0)
    switch kind % 8 {
    case 0: connect(number)
    case 1: if let connection = connection(number) { lose(connection) }
    case 2: wait(.milliseconds(number * number))
    case 3: hello(number, &rest)
    case 4: request(number, &rest)
    case 5:
      give(.anchor(Self.names[2], StreamAnchor(monotonic: now.monotonic, sample: number, date: now.wall, rate: 48_000)))
    case 6 where number & 0x80 != 0: mixer(number)
    case 6: give(.streams(streams(number)))
    default: message(number, &rest)
    }
  }

  /// Each room is the source of no stream, of one or of two; a stream may have the name of the last room.
  private func streams(_ number: Int) -> RoomStreams {
    var streams = RoomStreams()
    for (index, name) in Self.names.enumerated() {
      let names = Array(["live", "tower"].prefix((number >> (2 * index) & 3) % 3))
      if !names.isEmpty { streams.sourceOf[name] = names }
    }
    if number & 0x40 != 0 { streams.named[Self.names[2]] = StreamRoom(admitsListeners: number & 1 != 0) }
    if number & 2 != 0 { streams.guarded = [Self.names[1]] }
    return streams
  }

  /// The mixer tells the voices that it hears, or an echo, and the sockets that pictures come.
  private mutating func mixer(_ number: Int) {
    let room = Self.names[number % 3]
    guard let member = (voices[room] ?? []).map(\.member).dropFirst(number / 3 % 4).first else { return }
    if number & 0x40 != 0 { return give(.echo(room, member)) }
    give(.heard(room, [VoiceReport(member: member, level: -number, delay: number)]))
    give(.talking(room, member, number & 0x20 != 0))
    if let connection = connection(number) { give(.pictures(room, connection, number & 0x10 != 0)) }
  }

  // MARK: Inputs

  private func connection(_ number: Int) -> ConnectionID? {
    let open = pages.keys.sorted { $0.number < $1.number }
    return open.isEmpty ? nil : open[number % open.count]
  }

  private mutating func connect(_ number: Int) {
    guard pages.count < Self.mostConnections else { return }
    let id = ConnectionID(nextConnection)
    nextConnection += 1
    let room = Self.names[number % 3]
    pages[id] = Page(room: room)
    let visitor = Visitor(
      road: number & 0x40 == 0 ? .webSocket : .plainWebSocket, address: "192.0.2.\(number / 3 % 4)",
      credentials: Credentials(isOperator: number & 0x80 != 0, mayListen: number & 0x20 != 0))
    give(.connected(id, room, visitor))
  }

  private mutating func lose(_ connection: ConnectionID) {
    pages[connection] = nil
    give(.disconnected(connection))
  }

  private mutating func hello(_ number: Int, _ rest: inout ArraySlice<UInt8>) {
    guard let connection = connection(number) else { return }
    let wish = Int(rest.popFirst() ?? 0)
    var hello = Hello()
    if wish & 1 != 0, !sessions.isEmpty { hello.session = sessions[wish / 8 % sessions.count] }
    if wish & 2 != 0 { hello.invite = invites[wish / 8 % invites.count] }
    if wish & 4 != 0 { hello.name = ["Ann", "ann", "A\u{301}nn", "\u{202E}"][wish / 8 % 4] }
    hello.sound = [nil, .pcm16, .opus][wish / 8 % 3]
    if wish & 0x80 != 0 { hello.last = pages[connection]?.last }
    give(.message(connection, .hello(hello)))
  }

  /// A message: the text of the next octets, after one with their number. `@` and a digit stand for a member or a message.
  private mutating func message(_ number: Int, _ rest: inout ArraySlice<UInt8>) {
    guard let connection = connection(number) else { return }
    let text = filled(text(&rest), connection)
    do throws(RoomError) {
      let message = try ClientMessage(text)
      guard try ClientMessage(Array(message.json.text.utf8), longest: .max) == message else {
        preconditionFailure(message.json.text)
      }
      give(.message(connection, message))
    } catch {
      give(.unreadable(connection, error))
    }
  }

  private mutating func request(_ number: Int, _ rest: inout ArraySlice<UInt8>) {
    let room = Self.names[number % 3]
    let text = filled(text(&rest), nil)
    let request: RoomsRequest?
    if let event = try? EventRequest(text) {
      request = .event(event)
    } else if let action = try? HostAction(text) {
      request = .action(action)
    } else {
      request = (try? InviteRequest(text)).map { .invite($0) }
    }
    guard let request else { return }
    let requester: Requester =
      switch number / 3 % 3 {
      case 0: .operator
      case 1: .invite(invites[number % invites.count])
      default: .session(sessions.last ?? "")
      }
    nextRequest += 1
    give(.request(RequestID(nextRequest), room, requester, request))
    precondition(answered.contains(nextRequest))
  }

  private func text(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    let count = Int(rest.popFirst() ?? 0)
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// Replaces `@` and a digit by the id of a member of the room, `#` and a digit by the newest ids of messages.
  private func filled(_ text: [UInt8], _ connection: ConnectionID?) -> [UInt8] {
    let room = connection.flatMap { pages[$0]?.room } ?? Self.names[0]
    let members = rooms.members(of: room).map(\.id.number)
    var (filled, index) = ([UInt8](), 0)
    while index < text.count {
      let byte = text[index]
      index += 1
      guard index < text.count, byte == UInt8(ascii: "@") || byte == UInt8(ascii: "#"),
        (0x30...0x39).contains(text[index])
      else {
        filled.append(byte)
        continue
      }
      let digit = Int(text[index]) - 0x30
      index += 1
      let member = members.isEmpty ? 1 : members[digit % members.count]
      filled += Array(String(byte == UInt8(ascii: "@") ? member : (published[room] ?? 0) - digit).utf8)
    }
    return filled
  }

  private mutating func wait(_ span: Duration) {
    let end = now.monotonic + span
    while let wake = rooms.nextWake, wake <= end {
      pass(max(.zero, wake - now.monotonic))
      give(.tick)
      precondition(rooms.nextWake.map { $0 > now.monotonic } ?? true)
    }
    pass(max(.zero, end - now.monotonic))
  }

  private mutating func pass(_ span: Duration) {
    let wall = WallTime(microseconds: now.wall.microseconds + span.microseconds)
    now = RoomsTime(monotonic: now.monotonic + span, wall: wall)
  }

  // MARK: Invariants

  private mutating func give(_ input: RoomsInput) {
    let before = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, rooms.members(of: $0)) })
    let actions = rooms.handle(input, at: now)
    for action in actions { check(action, before) }
    checkRooms()
    precondition(rooms.nextWake.map { $0 > now.monotonic } ?? true)
  }

  private mutating func check(_ action: RoomsAction, _ before: [RoomName: [MemberState]]) {
    switch action {
    case .send(let message, let connections):
      precondition(Set(connections).count == connections.count && !connections.isEmpty)
      checkText(message)
      for connection in connections { check(message, to: connection) }
      if case .members = message, let room = pages[connections[0]]?.room {
        precondition(membersTold[room].map { now.monotonic - $0 >= RoomsLimits.pace } ?? true)
        membersTold[room] = now.monotonic
      }
    case .answerCall(let connection, _, let answer):
      precondition(pages[connection] != nil && (1...RoomsLimits.callMembers).contains(answer.members.count))
    case .close(let connection, let code, _):
      if code == .banned, let page = pages[connection], let you = page.you { noteBan(of: you, page.room, before) }
      precondition(pages.removeValue(forKey: connection) != nil)
    case .publish(let message, let room):
      guard let id = message.stamp?.id else { preconditionFailure("\(message)") }
      precondition(id > published[room] ?? -1)
      published[room] = id
      if case .chat(let chat) = message {
        precondition(!banned.contains(chat.from) && chat.nonce == nil)
        let sender = before[room]?.first { $0.id == chat.from } ?? rooms.members(of: room).first { $0.id == chat.from }
        precondition(sender?.id == chat.from)
      }
    case .keep(let records):
      precondition((try? RoomRecords(text: Array(records.text.utf8))) == records && records != self.records)
      self.records = records
    case .store(let message, _): precondition(message.stamp != nil)
    case .answer(let request, _): precondition(answered.insert(request.number).inserted)
    case .voices(let room, let states):
      precondition(states != voices[room] ?? [])
      voices[room] = states
    case .log(let entry): precondition(!entry.text.contains(where: \.isNewline))
    case .listChanged:
      precondition(listTold.map { now.monotonic - $0 >= RoomsLimits.pace } ?? true)
      listTold = now.monotonic
    case .ended(let room):
      precondition(voices[room] ?? [] == [])
      precondition(!pages.values.contains { $0.room == room && $0.you != nil })
      membersTold[room] = nil
    }
  }

  /// The text of a message gives the message back. The long ones would take most of the fuzzer's time.
  private func checkText(_ message: ServerMessage) {
    switch message {
    case .welcome, .members, .pong: break
    default: precondition((try? ServerMessage(text: Array(message.text.utf8))) == message)
    }
  }

  /// The member of the page is heard no more, unless the session was only refused here.
  private mutating func noteBan(of you: Welcome.You, _ room: RoomName, _ before: [RoomName: [MemberState]]) {
    if before[room]?.contains(where: { $0.id == you.id }) == true { banned.insert(you.id) }
  }

  private mutating func check(_ message: ServerMessage, to connection: ConnectionID) {
    guard var page = pages[connection] else { preconditionFailure("\(connection) is closed") }
    switch message {
    case .welcome(let welcome):
      precondition(welcome.room.name == page.room.text)
      let ids = welcome.members.map(\.id)
      precondition(Set(ids).count == ids.count && ids.contains(welcome.you.id))
      let history = welcome.history.compactMap { $0.stamp?.id }
      precondition(history.count == welcome.history.count && zip(history, history.dropFirst()).allSatisfy { $0 < $1 })
      precondition(history.last.map { $0 <= welcome.last } ?? true)
      page.you = welcome.you
      page.members = Set(ids)
      page.last = max(page.last, welcome.last)
      sessions.append(welcome.you.session)
    case .members(let change):
      page.members.formUnion((change.joined + change.changed).map(\.id))
      page.members.subtract(change.left)
    case .chat(let chat): precondition(!banned.contains(chat.from))
    case .signal(_, let from):
      precondition(!banned.contains(from) && (page.you != nil || isGuest(connection)))
    case .invite(let url, _), .moved(_, let url): invites[0] = String(url.split(separator: "=")[1])
    default: break
    }
    if let stamp = message.stamp {
      // A page without welcome hears nothing.
      precondition(page.you != nil || isGuest(connection))
      precondition(stamp.id > page.last)
      page.last = stamp.id
    }
    pages[connection] = page
  }

  /// A page that began as the simplest one gets everything later, without a welcome.
  private func isGuest(_ connection: ConnectionID) -> Bool { rooms.member(on: connection) != nil }

  private func checkRooms() {
    let counts = rooms.counts
    let all = Self.names.map { rooms.members(of: $0) }
    precondition(counts.rooms <= limits.rooms && counts.members == all.reduce(0) { $0 + $1.count })
    precondition(counts.connections == pages.count)
    let rows = rooms.list(isOperator: true, mayListen: { _ in true }, at: now)
    precondition(
      rows.map(\.members)
        == Self.names.sorted { $0.text < $1.text }.filter(rooms.exists).map { rooms.members(of: $0).count })
    for members in all {
      precondition(members.count <= limits.members && Set(members.map(\.id)).count == members.count)
      precondition(members.count { $0.call != nil } <= RoomsLimits.callMembers)
      precondition(members.allSatisfy { $0.role >= .talker || $0.call == nil && !$0.isOnAir && !$0.hasAgreed })
      precondition(members.allSatisfy { $0.hasAgreed || !$0.isOnAir })
    }
    for (connection, page) in pages {
      guard let member = rooms.member(on: connection) else { continue }
      precondition(rooms.members(of: page.room).contains { $0.id == member } && !banned.contains(member))
    }
    let members = pages.keys.compactMap(rooms.member)
    precondition(Set(members).count == members.count)
    precondition(Set(records.rooms.map(\.room)).isSubset(of: rooms.rooms.keys))
    for room in rooms.rooms.values {
      precondition(room.state.sourceOf == rooms.settings.streams.sourceOf[room.name] ?? [])
      precondition((room.state.stream != nil) == (rooms.settings.streams.named[room.name] != nil))
      precondition(records.rooms.first { $0.room == room.name } ?? RoomRecord(room.name) == room.record)
      precondition(Set(room.members.map(\.nameKey)).count == room.members.count)
      checkVoices(of: room)
      for poll in room.polls { precondition(poll.state.votes.allSatisfy { $0 >= 0 }) }
    }
  }
}

extension RoomsPages {
  /// The mixer knows the voices that follow from the members. Nobody is on the air without agreement, place and stream.
  private func checkVoices(of room: Room) {
    let told = voices[room.name] ?? []
    precondition(told.count == room.voices.count && zip(told, room.voices).allSatisfy { $0.isSame(as: $1) })
    precondition(Set(told.map(\.connection)).count == told.count)
    for voice in told {
      guard let member = room.member(voice.member) else { preconditionFailure("\(voice)") }
      precondition(rooms.member(on: voice.connection) == member.id && pages[voice.connection]?.room == room.name)
      precondition(voice.maySpeak == (member.state.role >= .talker && !room.muted.contains(member.id)))
      precondition(voice.isMuted == member.state.isMuted && voice.isOnAir == member.state.isOnAir)
    }
    for member in room.members {
      precondition(member.state.isOnAir == (room.isSource && member.air.hasAgreed && member.air.isGiven))
      precondition(member.air.asker == nil || !member.air.isTaken)
    }
    precondition(room.airTold == room.airMembers && room.state.isOnAir == !room.airTold.isEmpty)
  }
}

/// A code that anybody can compute.
private struct FuzzSeal: Seal {
  func code(of bytes: [UInt8]) -> [UInt8] {
    let hash = FNV1a.hash(bytes)
    return [hash, ~hash].flatMap { hash in (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) } }
  }
}
