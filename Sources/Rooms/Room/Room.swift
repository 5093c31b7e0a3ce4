import Core

/// One room: its members, what was said, and what its hosts have decided. `Rooms` calls it for each input, and then takes
/// the actions.
struct Room: Sendable {
  let name: RoomName
  let limits: RoomsLimits
  var state: RoomState
  /// In the order in which they came.
  var members: [Member] = []
  var bans = Bans()
  /// The members whom a host has muted. After a restart, some of them may still come back.
  var muted = RecentList<MemberID>()
  /// The members whom a host has removed.
  var removed = RecentList<MemberID>()
  /// The invites that a ban has just ended, with the time at which each expires.
  var endedInvites: [(id: UInt64, end: WallTime)] = []
  /// The members who have left while sessions of before the start are valid. Their sessions are not.
  var departed: Set<MemberID> = []
  /// The monotonic time until which those sessions are valid.
  var departedUntil = Duration.zero
  /// The address from which the room was made; nil where the room does not count for an address.
  var maker: String?
  var history = History()
  /// The oldest first.
  var polls: [Poll] = []
  var chatCounter = MinuteCounter()
  var anchor: StreamAnchor?
  /// The members on the air whom the room has told.
  var airTold: [MemberID] = []
  /// The voices that the shell knows.
  var voicesTold: [VoiceState] = []
  /// The time of the last `voices` action.
  var voicesTime: Duration?
  /// The id of the next message.
  var nextID: Int
  /// The number of the last guest.
  var guests = 0
  var changes = PendingChanges()
  /// The time of the last `members` message.
  var membersTold: Duration?
  /// Since when the room has no member; nil while it has one.
  var emptySince: Duration?
  var isClosed = false
  /// Whether the row of the list of rooms has changed.
  var listChanged = true
  /// The moment of the input.
  var now: RoomsTime
  /// The actions that the shell is to perform for the input.
  var actions: [RoomsAction] = []

  /// - Parameters:
  ///   - nextID: higher than every id that the room may have given before.
  ///   - restored: what the disk has kept, the oldest first.
  init(
    _ name: RoomName, settings: RoomsSettings, nextID: Int, restored: [ServerMessage], anchor: StreamAnchor?,
    at now: RoomsTime
  ) {
    self.name = name
    self.now = now
    self.anchor = anchor
    limits = settings.limits
    state = RoomState(name: name.text)
    state.hasCalls = settings.hasCalls
    state.hasVoices = settings.hasVoices
    state.sourceOf = settings.streams.sourceOf[name] ?? []
    state.stream = settings.streams.named[name] == nil ? nil : name.text
    emptySince = now.monotonic
    self.nextID = nextID
    for message in restored { restore(message) }
  }

  /// Takes one message of the disk. A poll is closed: nobody knows the members who have voted.
  private mutating func restore(_ message: ServerMessage) {
    guard let id = message.stamp?.id, id >= 0, id < 1 << 53, id > history.last ?? -1 else { return }
    switch message {
    case .poll(var poll):
      poll.isOpen = false
      history.add(.poll(poll))
    case .air: break
    default: history.add(message)
    }
    nextID = max(nextID, id + 1)
  }

  // MARK: Members

  func index(of id: MemberID) -> Int? { members.firstIndex { $0.id == id } }

  func member(_ id: MemberID) -> Member? { members.first { $0.id == id } }

  /// - Throws: `noSuchMember`.
  func existing(_ id: MemberID) throws(RoomError) -> Int {
    guard let index = index(of: id) else { throw RoomError(.noSuchMember) }
    return index
  }

  /// - Throws: `notAllowed`.
  func require(_ right: Right, of index: Int) throws(RoomError) {
    guard members[index].state.role >= right.role else { throw RoomError(.notAllowed) }
  }

  /// Changes what all members see of a member.
  mutating func change(_ index: Int, _ change: (inout MemberState) -> Void) {
    var state = members[index].state
    change(&state)
    guard state != members[index].state else { return }
    members[index].state = state
    changes.change(state.id)
  }

  // MARK: Telling

  mutating func send(_ message: ServerMessage, to connection: ConnectionID?) {
    if let connection { actions.append(.send(message, to: [connection])) }
  }

  /// Sends a message to all members that are there, but for those of pages that know only `server_message`.
  mutating func tell(_ message: ServerMessage, except index: Int? = nil) {
    let connections = members.indices.compactMap { members[$0].isPlain || $0 == index ? nil : members[$0].connection }
    if !connections.isEmpty { actions.append(.send(message, to: connections)) }
  }

  /// Tells the members and the audience a message with an id, and keeps the message.
  /// - Parameter index: a member who is told in another way.
  mutating func say(_ message: ServerMessage, except index: Int? = nil) {
    tell(message, except: index)
    keep(message)
  }

  /// Tells the audience a message with an id, and keeps the message.
  mutating func keep(_ message: ServerMessage) {
    history.add(message)
    actions.append(.publish(message, name))
    actions.append(.store(message, name))
  }

  mutating func log(_ actor: Actor, _ action: String) {
    actions.append(.log(RoomLogEntry(room: name, by: actor.description, action: action)))
  }

  /// The stamp of a message that is said now.
  mutating func stamp() -> Stamp {
    let id = nextID
    nextID += 1
    return Stamp(id: id, time: now.wall, position: anchor?.position(of: name, at: now.monotonic))
  }

  /// The invites that bans have ended since the last call.
  mutating func takeEndedInvites() -> [(id: UInt64, end: WallTime)] {
    defer { endedInvites = [] }
    return endedInvites
  }

  /// The actions of the inputs since the last call.
  mutating func takeActions() -> [RoomsAction] {
    let taken = actions
    actions = []
    return taken
  }
}
