import HTTP
import Synchronization

/// The running program: the streams and the server in front of them.
package final class Station: Sendable {
  private let stream: LiveStream
  private let server: Server
  private let waker: Waker
  private let log: Log

  /// Reads the page, binds the port, opens the source and begins.
  /// - Parameter onEnd: called once, on another thread, when the input has ended by itself.
  package init(_ configuration: Configuration, onEnd: @escaping @Sendable () -> Void) throws {
    let log = Log(level: configuration.logLevel)
    let files = try Self.page(configuration.webDirectory)
    // The port first: a microphone is not opened for a server that can't be reached.
    let answering = Answering()
    let server = try Server(
      on: ListenSocket(host: configuration.host, port: configuration.port), log: { log.debug("http: \($0)") }
    ) { answering.handlers.load()?.reply(to: $0, waited: $1) ?? .respond(.text(503, "starting\n")) }
    let waker = Waker { news in
      // Sound first.
      if news.contains(.growth) { server.sendOn() }
      if news.contains(.edition) { server.wake() }
    }
    do {
      stream = try LiveStream.start(configuration, log: log, onChange: { waker.post($0) }, onEnd: onEnd)
    } catch {
      waker.stop()
      server.stop()
      throw error
    }
    _ = answering.handlers.storeIfNil(Handlers(streams: [stream], files: files))
    (self.server, self.waker, self.log) = (server, waker, log)
    log.info("listening on \(Self.url(host: configuration.host, port: server.port))")
  }

  /// Stops within two seconds, leaving the folder valid.
  package func stop() {
    log.info("stopping")
    stream.stop()
    waker.stop()
    server.stop()
  }

  private static func page(_ directory: String) throws -> StaticFiles {
    do {
      return try StaticFiles(directory: directory)
    } catch {
      throw Configuration.Conflict(description: "--web-dir \(directory): the page is not there: \(error)")
    }
  }

  /// RFC 3986 §3.2.2: an IPv6 address stands in brackets.
  private static func url(host: String, port: UInt16) -> String {
    "http://\(host.contains(":") ? "[\(host)]" : host):\(port)/"
  }
}

/// The handlers, which are made after the server that asks them.
private final class Answering: Sendable {
  let handlers = AtomicLazyReference<Handlers>()
}
