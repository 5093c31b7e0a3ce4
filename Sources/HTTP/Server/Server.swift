import CMicroHTTPD
import Glibc
import Synchronization
import System

/// An HTTP/1.1 server: libmicrohttpd's threads, each with an epoll of its own, call one handler.
package final class Server: Sendable {
  /// Limits for one client, and for all clients together.
  package struct Limits: Sendable {
    /// Connections over the limit that are accepted, to be answered with 503. Others wait in the listen queue.
    package static let overflow = 64
    /// The most connections at a time.
    package var connections = 20_000
    /// The most connections from one IPv4 address or one /64 of IPv6. Further ones are closed at once. 0 is no limit.
    /// 127.0.0.1 and ::1 have no limit, because a proxy connects from there.
    package var connectionsPerAddress = 1000
    /// Bytes for a request's line and header fields and the answer's header fields. This is most of the memory of a
    /// listener: libmicrohttpd clears it for the second request, so all of it is resident. RFC 9112 §3 recommends 8000
    /// for the line alone; no URL here has a tenth of that.
    package var memoryPerConnection = 6 * 1024
    /// The time for the first request of a connection to arrive, and for the content of a request after its head.
    package var headerSeconds = 10
    /// The time from the end of an answer to the next request, and the extra time for an answer beyond that of its bytes.
    package var idleSeconds = 60
    /// The slowest allowed reading of an answer, in bytes a second: the lowest bit rate, 32 kbit/s.
    package var slowestRate = 4000

    package init() {}
  }

  /// An event that an operator may want to know of.
  package enum Trouble: Equatable, Sendable {
    /// The limit of connections is reached; one more client is answered with 503.
    case full
    /// An address has reached its limit; one more connection was closed.
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

  package let port: UInt16
  let service: Service
  private let daemon: Mutex<OpaquePointer?>
  private let bells: [Bell]
  private let socket: ListenSocket
  private let onTrouble: @Sendable (Trouble) -> Void
  /// Nil until `start`.
  private let acceptor = Mutex<Acceptor?>(nil)

  /// Gets ready; clients wait in the listen queue until `start`.
  /// - Parameters:
  ///   - socket: is the server's from now on.
  ///   - channels: the number of groups into which growing and endless answers fall; see `sendOn`.
  ///   - certificate: what it presents, and speaks TLS and nothing else; nil is plain HTTP.
  ///   - headers: header fields of the answers that the server gives without the handler.
  ///   - log: gets libmicrohttpd's own messages, mostly about what clients do wrong, from any thread.
  ///   - onTrouble: called on the thread that accepts, and on the one that sends on; as often as it happens.
  ///   - onAnswer: told of each answer when it is over, on any of the threads; it must not block, as the next one.
  ///   - onClose: called when a connection is gone, with its number: `Client.connection` of its requests.
  package init(
    on socket: ListenSocket, threads: Int = 2, channels: Int = 1, limits: Limits = Limits(),
    certificate: Certificate? = nil, headers: [(name: String, value: String)] = [],
    log: @escaping @Sendable (String) -> Void = { _ in },
    onTrouble: @escaping @Sendable (Trouble) -> Void = { _ in },
    onAnswer: (@Sendable (FinishedExchange) -> Void)? = nil,
    onClose: @escaping @Sendable (_ connection: Int) -> Void = { _ in }
  ) throws(ServerError) {
    func failure(_ call: String, _ code: Int32) -> ServerError {
      ServerError(host: socket.host, port: socket.port, call: call, code: code)
    }
    do throws(SystemError) {
      var tls: TLS?
      if let certificate { tls = TLS(certificate, gate: try Gate()) }
      service = Service(
        channels: channels, limits: limits, headers: headers, tls: tls, log: log, onTrouble: onTrouble,
        onAnswer: onAnswer,
        onClose: onClose)
    } catch {
      close(socket.descriptor)
      throw failure(error.call, error.code)
    }
    let callbacks = mhd_callbacks(
      target: targetArrived, request: requestArrived, completed: exchangeCompleted, connection: connectionNotified,
      unescape: leaveEscaped,
      // A closure, because va_list is optional on some processors and not on others.
      log: { messageLogged($0, $1, $2) }, context: Unmanaged.passUnretained(service).toOpaque())
    let daemon = mhd_start(
      service.tls == nil ? nil : TLSSession.priorities, UInt32(threads), limits.memoryPerConnection, callbacks)
    guard let daemon else {
      let code = errno
      service.tls?.gate.close()
      close(socket.descriptor)
      throw failure("MHD_start_daemon", code)
    }
    do throws(SystemError) {
      var bells: [Bell] = []
      for thread in 0..<threads {
        bells.append(try Bell(on: daemon, thread: thread, of: threads, isTLS: service.tls != nil))
      }
      self.bells = bells
    } catch {
      service.tls?.gate.close()
      service.closeFollowers()
      MHD_stop_daemon(daemon)
      close(socket.descriptor)
      throw failure(error.call, error.code)
    }
    port = socket.port
    self.socket = socket
    self.onTrouble = onTrouble
    self.daemon = Mutex(daemon)
  }

  /// Answers from now on. To be called once.
  /// - Parameter handler: answers each well-formed request, on any of the threads; it must not block.
  package func start(handler: @escaping Handler) {
    _ = service.handler.storeIfNil(Service.HandlerBox(handler))
    daemon.withLock { daemon in
      guard let daemon else { return }
      // The daemon outlives the acceptor, see `stop`.
      nonisolated(unsafe) let running = daemon
      acceptor.withLock { $0 = Acceptor(socket, for: running, service, onTrouble: onTrouble) }
    }
  }

  /// The certificate for TLS connections that begin from now on; open connections keep theirs.
  package func present(_ certificate: Certificate) {
    service.tls?.certificate.withLock { $0 = certificate }
  }

  /// Calls the handler again for each held request. It takes a while with thousands of them, so it is not for a thread
  /// that must not wait.
  package func wake() {
    service.waiters.wake()
  }

  /// Growing bodies have grown, or come to their end, and are sent on to those who read them. Not for a thread that must
  /// not wait either.
  /// - Parameters:
  ///   - channel: the group of answers that may have grown; the others are left alone.
  ///   - everyFrameOnly: whether the round is only for the listeners that want every frame.
  package func sendOn(channel: Int = 0, everyFrameOnly: Bool = false) {
    let channel = service.channels[channel]
    channel.everyFrameFollowers.sendOn()
    if everyFrameOnly { return }
    channel.followers.sendOn()
    channel.endlessFollowers.sendOn()
  }

  /// Closes every connection; no handler runs afterwards. Once is enough.
  package func stop() {
    acceptor.withLock { $0?.stop() }
    // libmicrohttpd panics if it is stopped while a connection is suspended.
    service.tls?.gate.close()
    service.waiters.wake(closing: true)
    service.closeFollowers()
    // MHD_stop_daemon waits for threads, which never take this lock.
    daemon.withLock { daemon in
      guard let running = daemon.take() else { return }
      MHD_stop_daemon(running)
      if acceptor.withLock({ $0 == nil }) { close(socket.descriptor) }
    }
  }

  deinit {
    // The threads hold `service` unretained.
    precondition(daemon.withLock { $0 == nil }, "a server is stopped before it is freed")
  }
}
