import CMicroHTTPD
import Glibc
import Synchronization

/// An HTTP/1.1 server: libmicrohttpd's threads, each with an epoll of its own, call one handler.
package final class Server: Sendable {
  /// What one client, or all together, may take up.
  package struct Limits: Sendable {
    /// Connections at a time; more wait in the listen queue.
    package var connections = 20_000
    /// Connections at a time from one address; 0 is no limit.
    package var connectionsPerAddress = 0
    /// Bytes for a request's line and header fields and the answer's header fields: most of what a listener takes up,
    /// because libmicrohttpd clears it for the second request, and so all of it is resident. RFC 9112 §3 recommends
    /// 8000 for the line alone; no URL here is a tenth of that.
    package var memoryPerConnection = 6 * 1024
    /// A connection on which nothing has moved for so many seconds is closed; 0 is never.
    package var idleSeconds = 60
    /// Seconds in which a connection of TLS must come to its first request.
    package var handshakeSeconds = 10

    package init() {}
  }

  /// Answers a request, `waited` nanoseconds after it was held first, or holds it.
  package typealias Handler = @Sendable (_ request: Request, _ waited: Int) -> Reply

  package let port: UInt16
  private let service: Service
  private let daemon: Mutex<OpaquePointer?>
  private let bells: [Bell]

  /// Answers from now on.
  /// - Parameters:
  ///   - socket: is the server's from now on.
  ///   - certificate: what it presents, and speaks TLS and nothing else; nil is plain HTTP.
  ///   - log: gets libmicrohttpd's own messages, mostly about what clients do wrong, from any thread.
  ///   - handler: answers each well-formed request, on any of the threads; it must not block.
  package init(
    on socket: ListenSocket, threads: Int = 2, limits: Limits = Limits(), certificate: Certificate? = nil,
    log: @escaping @Sendable (String) -> Void = { _ in }, handler: @escaping Handler
  ) throws(ServerError) {
    func failure(_ call: String, _ code: Int32) -> ServerError {
      ServerError(host: socket.host, port: socket.port, call: call, code: code)
    }
    do throws(SocketPair.Failure) {
      var tls: TLS?
      if let certificate { tls = TLS(certificate, gate: try Gate(seconds: limits.handshakeSeconds)) }
      service = Service(handler: handler, idleSeconds: limits.idleSeconds, tls: tls, log: log)
    } catch {
      throw failure(error.call, error.code)
    }
    let callbacks = mhd_callbacks(
      target: targetArrived, request: requestArrived, completed: exchangeCompleted, connection: connectionNotified,
      unescape: leaveEscaped,
      // A closure, because va_list is optional on some processors and not on others.
      log: { messageLogged($0, $1, $2) }, context: Unmanaged.passUnretained(service).toOpaque())
    let daemon = mhd_start(
      socket.descriptor, service.tls == nil ? nil : TLSSession.priorities, UInt32(threads), UInt32(limits.connections),
      UInt32(limits.connectionsPerAddress), limits.memoryPerConnection, UInt32(limits.idleSeconds), callbacks)
    // Where it fails it has mostly closed the socket, and closing twice is worse than not at all.
    guard let daemon else {
      service.tls?.gate.close()
      throw failure("MHD_start_daemon", errno)
    }
    do throws(SocketPair.Failure) {
      var bells: [Bell] = []
      for thread in 0..<threads {
        bells.append(try Bell(on: daemon, thread: thread, of: threads, isTLS: service.tls != nil))
      }
      self.bells = bells
    } catch {
      service.tls?.gate.close()
      service.followers.close()
      MHD_stop_daemon(daemon)
      throw failure(error.call, error.code)
    }
    port = socket.port
    self.daemon = Mutex(daemon)
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
  package func sendOn() {
    service.followers.sendOn()
  }

  /// Closes every connection; no handler runs afterwards. Once is enough.
  package func stop() {
    // libmicrohttpd panics if it is stopped while a connection is suspended.
    service.tls?.gate.close()
    service.waiters.wake(closing: true)
    service.followers.close()
    // Threads that are being waited for never ask for this lock.
    daemon.withLock { daemon in
      if let daemon { MHD_stop_daemon(daemon) }
      daemon = nil
    }
  }

  deinit {
    // The threads hold `service` unretained.
    precondition(daemon.withLock { $0 == nil }, "a server is stopped before it is let go")
  }
}
