import CMicroHTTPD
import Glibc
import Synchronization

/// An HTTP/1.1 server: libmicrohttpd's threads, each with an epoll of its own, call one handler.
package final class Server: Sendable {
  /// What one client, or all together, may take up.
  package struct Limits: Sendable {
    /// So many more are let in, to be answered with 503; others wait in the listen queue.
    package static let overflow = 64
    /// Connections at a time.
    package var connections = 20_000
    /// Of these, from one IPv4 address, or one /64 of IPv6; more are closed at once. 0 is no limit, and 127.0.0.1 and ::1
    /// have none: a proxy comes from there.
    package var connectionsPerAddress = 1000
    /// Bytes for a request's line and header fields and the answer's header fields: most of what a listener takes up,
    /// because libmicrohttpd clears it for the second request, and so all of it is resident. RFC 9112 §3 recommends
    /// 8000 for the line alone; no URL here is a tenth of that.
    package var memoryPerConnection = 6 * 1024
    /// Until a connection's first request must be there; and a request's content, once its head is.
    package var headerSeconds = 10
    /// From an answer's end until the next request must be there; and what an answer may take beyond its bytes' time.
    package var idleSeconds = 60
    /// Bytes a second of an answer: the least that a listener of the lowest bit rate, 32 kbit/s, must get.
    package var slowestRate = 4000

    package init() {}
  }

  /// What an operator may want to know.
  package enum Trouble: Equatable, Sendable {
    /// There are as many connections as may be; one more is answered with 503.
    case full
    /// One address has as many as it may; one more was closed.
    case crowded(address: String)
    /// There is no descriptor, or no memory, for one more (errno of accept(2)): they wait.
    case starved(code: Int32)
    /// They are let in again.
    case recovered
    /// A listener of an endless answer took less than came, and was dropped.
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
    do throws(SocketPair.Failure) {
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
    do throws(SocketPair.Failure) {
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

  /// What connections of TLS that begin from now on are shown; those that are there go on.
  package func present(_ certificate: Certificate) {
    service.tls?.certificate.withLock { $0 = certificate }
  }

  /// Something has happened: requests that are held are asked again. Not for a thread that must not wait: it takes a
  /// while where thousands are waiting.
  package func wake() {
    service.waiters.wake()
  }

  /// Growing bodies have grown, or come to their end, and are sent on to those who read them. Not for a thread that must
  /// not wait either.
  /// - Parameters:
  ///   - channel: the group of answers that may have grown; the others are left alone.
  ///   - promptOnly: whether it is a round for none but those who are answered promptly.
  package func sendOn(channel: Int = 0, promptOnly: Bool = false) {
    let channel = service.channels[channel]
    channel.promptFollowers.sendOn()
    if promptOnly { return }
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
    // Threads that are being waited for never ask for this lock.
    daemon.withLock { daemon in
      guard let running = daemon.take() else { return }
      MHD_stop_daemon(running)
      if acceptor.withLock({ $0 == nil }) { close(socket.descriptor) }
    }
  }

  deinit {
    // The threads hold `service` unretained.
    precondition(daemon.withLock { $0 == nil }, "a server is stopped before it is let go")
  }
}
