import Core
import Glibc
import Synchronization
import System

/// One thread that serves connections of its own: it accepts, reads, asks the handler, and sends. Nothing is handed to
/// another thread, and no call of the loop waits but `Epoll.wait`.
///
/// Unchecked: everything but the mailbox belongs to the thread that calls `run`.
final class Loop: @unchecked Sendable {
  /// Milliseconds until the next attempt, while no connection can be accepted.
  private static let pause = Duration.milliseconds(100)
  /// The time between two looks at the deadlines.
  private static let look = Duration.seconds(1)
  /// The most connections closed at a time for their deadlines, and the time until the next ones: closing thousands at
  /// once would delay the listeners.
  private static let (group, groupPause) = (100, Duration.milliseconds(10))
  /// The most connections accepted at a time, so that the other loops get some of a crowd.
  private static let accepts = 16

  /// The keys of events that are no connection's.
  private enum Key {
    static let mailbox = UInt64.max
    /// The smallest key of a port. The keys of connections are smaller.
    static let ports = UInt64.max - 1024

    static func port(_ index: Int) -> UInt64 { ports + UInt64(index) }
  }

  let number: Int
  let mailbox: Mailbox
  let service: Service
  /// The time at the start of the present run.
  private(set) var now = MonotonicTime.now
  var deadlines: Deadlines
  /// Memory that is used again for every connection.
  var scratch = Scratch()

  /// The loops of the server, this one too. Set before the loop runs.
  var peers: [LoopPeer] = []
  /// Connections of this loop, with those that are on their way to it.
  let assigned = Atomic(0)
  private let ports: [Server.Port]
  private var epoll: Epoll
  private var connections: [Connection?] = []
  private var freeSlots: [Int] = []
  /// The answers that grow, by channel and kind, and the held requests.
  private var followers: [Followers<Exchange>]
  private var isStarted = false
  private var isStopping = false
  /// The next attempt to accept; nil while the listening sockets are watched.
  private var acceptsAgain: MonotonicTime?
  private var isStarved = false
  private var nextLook = MonotonicTime.now
  /// Connections that have more to do than they may do at a time.
  private var again: [Connection] = []

  init(_ number: Int, _ ports: [Server.Port], _ service: Service) throws(SystemError) {
    self.number = number
    self.ports = ports
    self.service = service
    mailbox = try Mailbox()
    epoll = try Epoll()
    deadlines = Deadlines(service.limits)
    followers = Array(repeating: Followers(), count: FollowerList.count(channels: service.channels))
    try epoll.add(mailbox.descriptor, .input, key: Key.mailbox)
  }

  /// Serves until a message ends it.
  func run() {
    blockPipeSignal()
    while !isStopping {
      let count = epoll.wait(timeout)
      now = .now
      if mailbox.hasMessages { takeMessages() }
      for index in 0..<count where !isStopping {
        // Sound first: a chunk does not wait behind requests.
        if mailbox.hasMessages { takeMessages() }
        let (key, events) = epoll.event(index)
        switch key {
        case Key.mailbox: break
        case Key.ports...: if acceptsAgain == nil { accept(from: ports[Int(key - Key.ports)]) }
        default: connection(key)?.isReady(events)
        }
      }
      takeTurns()
      keepTime()
    }
    for connection in connections { connection?.serverEnds() }
    forgetPorts()
  }

  /// Closes the connections that another loop accepted for this one after its end.
  func turnAway() {
    for newcomer in mailbox.take().newcomers { Glibc.close(newcomer.descriptor) }
  }

  /// A send to a client that is gone fails; it does not end the process. sendfile(2) has no flag like MSG_NOSIGNAL.
  private func blockPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  var load: Int { assigned.load(ordering: .relaxed) }

  /// The connection goes on in the next run of the loop.
  func runAgain(_ connection: Connection) {
    again.append(connection)
  }

  private func takeTurns() {
    if again.isEmpty { return }
    let waiting = again
    again.removeAll(keepingCapacity: true)
    for connection in waiting { connection.proceed() }
  }

  private var timeout: Int32 {
    if !again.isEmpty { return 0 }
    var next = connections.count > freeSlots.count ? nextLook : MonotonicTime(nanoseconds: .max)
    if let acceptsAgain { next = min(next, acceptsAgain) }
    if next.nanoseconds == .max { return -1 }
    // Counted from the start of the run that ends: a look that comes a little later harms nobody.
    let rest = next.nanoseconds - now.nanoseconds
    return rest <= 0 ? 0 : Int32(min(60_000, rest / 1_000_000 + 1))
  }

  private func takeMessages() {
    let messages = mailbox.take()
    for channel in messages.grown { sendOn(channel, everyFrameOnly: false) }
    for channel in messages.everyFrame.subtracting(messages.grown) { sendOn(channel, everyFrameOnly: true) }
    for newcomer in messages.newcomers { serve(newcomer) }
    for key in messages.ready { connection(key)?.proceed() }
    for call in messages.calls { call() }
    if messages.wake {
      askAgain(.held)
      for channel in 0..<service.channels { askAgain(.heldFor(channel)) }
    } else {
      for channel in messages.woken { askAgain(.heldFor(channel)) }
    }
    if messages.start, !isStarted {
      isStarted = true
      watchPorts()
    }
    if messages.stop { isStopping = true }
  }

  private func keepTime() {
    if let again = acceptsAgain, now >= again, !isStopping {
      acceptsAgain = nil
      watchPorts()
    }
    guard now >= nextLook else { return }
    let overdue = deadlines.takeOverdue(at: now, atMost: Self.group)
    for (slot, step) in overdue { connections[slot]?.isOverdue(step) }
    nextLook = now + (overdue.count == Self.group ? Self.groupPause : Self.look)
  }
}

// Growing answers and held requests

extension Loop {
  /// Adds an answer that has sent all bytes that exist, or a request that the handler holds.
  func follow(_ exchange: Exchange, in list: FollowerList) {
    exchange.list = list
    followers[list.index].add(exchange)
  }

  /// Takes an exchange out of its list, if it is in one. May be called during a round.
  func unfollow(_ exchange: Exchange) {
    if exchange.place != nil, let list = exchange.list { followers[list.index].remove(exchange) }
    exchange.list = nil
  }

  private func sendOn(_ channel: Int, everyFrameOnly: Bool) {
    let kinds: [FollowerList] =
      everyFrameOnly ? [.everyFrame(channel)] : [.everyFrame(channel), .chunks(channel), .endless(channel)]
    for list in kinds where followers[list.index].count > 0 {
      var latest = service.chunks[channel].value
      let before = latest
      var total = 0
      for place in followers[list.index].indices {
        followers[list.index][place]?.sendOn(latest: &latest, total: &total)
      }
      followers[list.index].compact()
      if let latest, latest !== before { service.chunks[channel].note(latest) }
      service.traffic.sent(total)
    }
  }

  private func askAgain(_ list: FollowerList) {
    let list = list.index
    guard followers[list].count > 0 else { return }
    for place in followers[list].indices { followers[list][place]?.askAgain() }
    followers[list].compact()
  }
}

// Connections

extension Loop {
  private func connection(_ key: UInt64) -> Connection? {
    let slot = Int(key & 0xFFFF_FFFF)
    guard slot < connections.count, let connection = connections[slot], connection.key == key else { return nil }
    return connection
  }

  private func watchPorts() {
    for (index, port) in ports.enumerated() {
      // Level-triggered: connections that are left are told again.
      try? epoll.add(port.socket.descriptor, [.input, .exclusive], key: Key.port(index))
    }
  }

  private func forgetPorts() {
    for port in ports { epoll.remove(port.socket.descriptor) }
  }

  private func pauseAccepting() {
    forgetPorts()
    acceptsAgain = now + Self.pause
  }

  private func accept(from port: Server.Port) {
    for _ in 0..<Self.accepts {
      guard service.admissions.withLock({ $0.hasRoom }) else { return pauseAccepting() }
      do throws(SystemError) {
        admit(try port.socket.accept(), isSecure: port.isSecure)
        if isStarved { service.onTrouble(.recovered) }
        isStarved = false
      } catch {
        switch error.code {
        case EINTR, ECONNABORTED: continue
        case EAGAIN: return
        // accept(2): "Linux accept() (and accept4()) passes already-pending network errors on the new socket as an error
        // code from accept() … treat them like EAGAIN by retrying".
        case ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH: continue
        case let code:
          if !isStarved { service.onTrouble(.starved(code: code)) }
          isStarved = true
          return pauseAccepting()
        }
      }
    }
  }

  /// Counts a client, and gives the connection to the loop that has the fewest.
  private func admit(_ accepted: ListenSocket.Accepted, isSecure: Bool) {
    let address = accepted.address
    let counted = service.countedAddress(of: Client(address: address))
    let (number, isOverLimit): (Int, Bool)
    switch service.admissions.withLock({ $0.admit(from: counted) }) {
    case .overAddressLimit:
      Glibc.close(accepted.descriptor)
      return service.onTrouble(.crowded(address: counted?.description ?? ""))
    case .overLimit(let given):
      (number, isOverLimit) = (given, true)
      service.onTrouble(.full)
    case .admitted(let given): (number, isOverLimit) = (given, false)
    }
    let client = Client(connection: number, address: address, isSecure: isSecure)
    let newcomer = Newcomer(descriptor: accepted.descriptor, client: client, isOverLimit: isOverLimit)
    let chosen = peers.min { $0.loop.load < $1.loop.load }?.loop ?? self
    if chosen === self || chosen.load + 1 >= load { return take(newcomer) }
    // Before the message arrives, so that a crowd does not all go to the same loop.
    chosen.assigned.add(1, ordering: .relaxed)
    chosen.mailbox.post { $0.newcomers.append(newcomer) }
  }

  private func take(_ newcomer: Newcomer) {
    assigned.add(1, ordering: .relaxed)
    serve(newcomer)
  }

  /// Begins with a connection that counts already.
  private func serve(_ newcomer: Newcomer) {
    let slot = freeSlots.popLast() ?? connections.count
    if slot == connections.count { connections.append(nil) }
    let generation = UInt64(truncatingIfNeeded: newcomer.client.connection & 0x7FFF_FFFF)
    let connection = Connection(newcomer, key: UInt64(slot) | generation << 32, in: self)
    connections[slot] = connection
    deadlines.begin(slot, at: now)
    do throws(SystemError) {
      try epoll.add(newcomer.descriptor, [.input, .output, .hangUp, .edge], key: connection.key)
    } catch {
      connection.close()
    }
  }

  /// A connection is closed. Called once by each connection.
  func leave(_ connection: Connection) {
    deadlines.end(connection.slot)
    connections[connection.slot] = nil
    freeSlots.append(connection.slot)
    assigned.subtract(1, ordering: .relaxed)
    let address = service.countedAddress(of: connection.client)
    service.admissions.withLock { $0.leave(from: address) }
    service.onClose(connection.client.connection)
  }

  /// Counts a connection that is closed because a deadline has passed.
  func count(_ step: Deadlines.Step) {
    service.admissions.withLock { admissions in
      switch step {
      case .firstRequest: admissions.figures.headerTimeouts += 1
      case .nextRequest: admissions.figures.idleTimeouts += 1
      case .content, .answer: admissions.figures.answerTimeouts += 1
      case .closing: break
      }
    }
  }
}
