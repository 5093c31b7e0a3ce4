import Glibc
import Synchronization
import System

/// An HTTP server: some loops, each on a thread of its own, call one handler.
package final class Server: Sendable {
  /// Limits for one client, and for all clients together.
  package struct Limits: Sendable {
    /// Connections over the limit that are accepted, to be answered with 503. Others wait in the listen queue.
    package static let overflow = 64
    /// The most connections at a time. Each open request of HTTP/2 beyond the first counts like a connection.
    package var connections = 20_000
    /// The most connections from one IPv4 address or one /64 of IPv6. Further ones are closed at once. 0 is no limit.
    /// 127.0.0.1 and ::1 have no limit, because a proxy connects from there.
    package var connectionsPerAddress = 1000
    /// The time for the first request of a connection to arrive, and for the content of a request after its head.
    package var headerSeconds = 10
    /// The time from the end of an answer to the next request, and the extra time for an answer beyond that of its bytes.
    package var idleSeconds = 60
    /// The slowest allowed reading of an answer, in bytes a second: the lowest bit rate, 32 kbit/s.
    package var slowestRate = 4000

    package init() {}
  }

  /// The choices for a server.
  package struct Settings: Sendable {
    /// The number of loops.
    package var threads = 2
    /// The number of groups into which growing and endless answers fall; see `sendOn`.
    package var channels = 1
    package var limits = Limits()
    /// The proxies whose word on a client's address and encryption counts. Connections from them have no limit by address;
    /// each of their requests counts for the address of its client.
    package var trustedProxies = TrustedProxies()
    /// The certificate that the secure ports show; `present` replaces it.
    package var certificate: Certificate?
    /// Header fields of the answers that the server gives without the handler.
    package var headers: [(name: String, value: String)] = []

    package init() {}
  }

  /// A port of a server.
  package struct Port: Sendable {
    package let socket: ListenSocket
    /// Whether the port speaks TLS and nothing else; otherwise it speaks plain HTTP.
    package let isSecure: Bool

    package init(_ socket: ListenSocket, isSecure: Bool) {
      (self.socket, self.isSecure) = (socket, isSecure)
    }
  }

  /// The functions that a server calls, on the threads of its loops. None may block.
  package struct Observers: Sendable {
    /// Gets a line for each client that breaks a rule, for debugging.
    package var log: @Sendable (String) -> Void = { _ in }
    package var onTrouble: @Sendable (Trouble) -> Void = { _ in }
    /// Told of each answer when it is over; nil where nobody needs to know.
    package var onAnswer: (@Sendable (FinishedExchange) -> Void)?
    /// Called when a connection is gone, with its number: `Client.connection` of its requests.
    package var onClose: @Sendable (_ connection: Int) -> Void = { _ in }

    package init() {}
  }

  /// An event that an operator may want to know of.
  package enum Trouble: Equatable, Sendable {
    /// The limit of connections is reached; one more client is answered with 503.
    case full
    /// An address has reached its limit; one more connection was closed, or one more request refused.
    case crowded(address: String)
    /// There is no descriptor or no memory for one more connection (error number of accept(2)); clients wait.
    case starved(code: Int32)
    /// Connections are accepted again.
    case recovered
    /// A listener of an endless answer fell too far behind, and was disconnected.
    case late
  }

  /// Answers a request, `waited` nanoseconds after it was held first, or holds it.
  package typealias Handler = @Sendable (_ request: Request, _ waited: Int) -> Reply

  /// The number of the first port.
  package let port: UInt16
  let service: Service
  private let loops: [Loop]
  private let ports: [Port]
  private let threads = Mutex<[Thread]>([])

  /// A thread that is waited for.
  private final class Thread: Sendable {
    private let thread: Mutex<NamedThread?>

    init(name: String, _ body: @escaping @Sendable () -> Void) {
      thread = Mutex(NamedThread(name: name, body: body))
    }

    func join() {
      thread.withLock { thread in
        if let running = thread.take() { running.join() }
      }
    }
  }

  /// A server of one port, which is secure where the settings have a certificate.
  /// - Parameter socket: is the server's from now on.
  package convenience init(
    on socket: ListenSocket, _ settings: Settings = Settings(), observers: Observers = Observers()
  ) throws(ServerError) {
    try self.init(on: [Port(socket, isSecure: settings.certificate != nil)], settings, observers: observers)
  }

  /// Gets ready; clients wait in the listen queues until `start`.
  /// - Parameter ports: at least one. All loops serve each of them. The sockets are the server's from now on.
  package init(
    on ports: [Port], _ settings: Settings = Settings(), observers: Observers = Observers()
  ) throws(ServerError) {
    precondition(!ports.isEmpty, "a server has a port")
    let service = Service(settings, observers, isSecure: ports.contains(where: \.isSecure))
    do throws(SystemError) {
      var loops: [Loop] = []
      for number in 0..<settings.threads { loops.append(try Loop(number, ports, service)) }
      for loop in loops { loop.peers = loops.map { LoopPeer(loop: $0) } }
      self.loops = loops
    } catch {
      for port in ports { port.socket.close() }
      throw ServerError(
        host: ports[0].socket.host, port: ports[0].socket.port, call: error.call, code: error.code)
    }
    self.service = service
    (self.ports, port) = (ports, ports[0].socket.port)
    let running = loops.map { loop in Thread(name: "http-\(loop.number)") { loop.run() } }
    threads.withLock { $0 = running }
  }

  /// Answers from now on. To be called once. A secure port has a certificate by now.
  /// - Parameter handler: answers each well-formed request, on any of the threads; it must not block.
  package func start(handler: @escaping Handler) {
    precondition(service.tls?.hasCertificate != false, "a secure port has a certificate before the server is started")
    service.handler = handler
    for loop in loops { loop.mailbox.post { $0.start = true } }
  }

  /// The certificate for TLS connections that begin from now on; open connections keep theirs.
  package func present(_ certificate: Certificate) {
    service.tls?.present(certificate)
  }

  /// Calls the handler again for each held request; returns at once.
  package func wake() {
    for loop in loops { loop.mailbox.post { $0.wake = true } }
  }

  /// Calls the handler again for each request that is held for a channel (`Reply.holdFor`); returns at once.
  package func wake(channel: Int) {
    for loop in loops { loop.mailbox.post { $0.woken.insert(channel) } }
  }

  /// Growing bodies have grown, or come to their end, and are sent on to those who read them; returns at once.
  /// - Parameters:
  ///   - channel: the group of answers that may have grown; the others are left alone.
  ///   - everyFrameOnly: whether the round is only for the listeners that want every frame.
  package func sendOn(channel: Int = 0, everyFrameOnly: Bool = false) {
    for loop in loops {
      loop.mailbox.post { messages in
        if everyFrameOnly { messages.everyFrame.insert(channel) } else { messages.grown.insert(channel) }
      }
    }
  }

  /// Closes every connection; no handler runs afterwards. Once is enough.
  package func stop() {
    let running = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    guard !running.isEmpty else { return }
    for loop in loops { loop.mailbox.post { $0.stop = true } }
    for thread in running { thread.join() }
    for loop in loops { loop.turnAway() }
    for port in ports { port.socket.close() }
  }

  deinit {
    precondition(threads.withLock { $0.isEmpty }, "a server is stopped before it is freed")
  }
}
