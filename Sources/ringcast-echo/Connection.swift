import Core
import Glibc
import HTTP
import System

/// One connection of the server: a request, and then a WebSocket.
struct Connection {
  private let descriptor: Int32
  /// The ends of a pipe that wakes the thread: the `WebSocket` writes a byte.
  private let (wakeReader, wakeWriter): (Int32, Int32)

  init?(_ descriptor: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    (self.descriptor, wakeReader, wakeWriter) = (descriptor, ends[0], ends[1])
    for end in ends + [descriptor] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
  }

  func serve(_ record: ClosedRecord) {
    defer {
      close(wakeReader)
      close(wakeWriter)
    }
    guard let (head, rest) = readHead(), let (path, request) = Self.request(head) else { return }
    guard let settings = EchoPath.settings(of: path) else { return answer(.notFound) }
    switch WebSocketHandshake.verdict(on: request, subprotocols: EchoPath.subprotocols) {
    case .refused(let response): answer(response)
    case .accepted(let acceptance):
      write("HTTP/1.1 101 Switching Protocols\r\n", acceptance.headers, [])
      let wakeWriter = wakeWriter
      let webSocket = WebSocket(subprotocol: acceptance.subprotocol, limits: settings.backlog) {
        _ = Glibc.write(wakeWriter, [1], 1)
      }
      let session = WebSocketSession(
        webSocket, handler: Echo(webSocket, record: record), settings: settings, at: .now)
      run(session, after: rest)
    }
  }

  private func run(_ start: WebSocketSession, after rest: [UInt8]) {
    var session = start
    rest.withUnsafeBytes { session.receive($0, at: .now) }
    var scratch = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let verdict = session.sendPending(at: .now) { bytes, more in
        let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, more ? Int32(MSG_MORE) : 0)
        return count >= 0 ? count : errno == EAGAIN ? 0 : nil
      }
      if verdict == .over { return linger() }
      let events = Int16(POLLIN) | (verdict == .blocked ? Int16(POLLOUT) : 0)
      var polled = [
        pollfd(fd: descriptor, events: events, revents: 0), pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
      ]
      let wait = session.deadline.map { max(0, ($0 - .now).milliseconds + 1) } ?? 0
      poll(&polled, 2, Int32(wait))
      while read(wakeReader, &scratch, scratch.count) > 0 {}
      let count = read(descriptor, &scratch, scratch.count)
      if count == 0 || count < 0 && errno != EAGAIN { return session.connectionEnded() }
      if count > 0 { scratch.withUnsafeBytes { session.receive(.init(rebasing: $0[..<count]), at: .now) } }
      session.tick(at: .now)
    }
  }

  /// Closes so that the client gets every byte: a socket that is closed with unread bytes resets the connection.
  private func linger() {
    shutdown(descriptor, Int32(SHUT_WR))
    var scratch = [UInt8](repeating: 0, count: 1 << 16)
    let end = MonotonicTime.now + .seconds(1)
    while MonotonicTime.now < end {
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      poll(&polled, 1, 100)
      let count = read(descriptor, &scratch, scratch.count)
      if count == 0 || count < 0 && errno != EAGAIN { return }
    }
  }

  /// - Returns: the head of the request, and the bytes after it.
  private func readHead() -> (head: String, rest: [UInt8])? {
    var (bytes, scratch): ([UInt8], [UInt8]) = ([], Array(repeating: 0, count: 4096))
    while bytes.count < 1 << 16 {
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      poll(&polled, 1, 10_000)
      let count = read(descriptor, &scratch, scratch.count)
      guard count > 0 else { return nil }
      bytes += scratch.prefix(count)
      let end = Array("\r\n\r\n".utf8)
      for start in bytes.indices.dropLast(3) where bytes[start..<start + 4].elementsEqual(end) {
        return (String(decoding: bytes[..<start], as: UTF8.self), Array(bytes[(start + 4)...]))
      }
    }
    return nil
  }

  private static func request(_ head: String) -> (path: String, Request)? {
    let lines = head.split(separator: "\r\n").map(String.init)
    let words = lines[0].split(separator: " ").map(String.init)
    guard words.count == 3, words[0] == "GET" else { return nil }
    let headers = lines.dropFirst().compactMap { line in
      line.firstIndex(of: ":").map { colon in
        let value = line[colon...].dropFirst().drop { $0 == " " }
        return (name: String(line[..<colon]), value: String(value))
      }
    }
    let path = String(words[1].prefix { $0 != "?" })
    return (path, Request(method: .get, path: path, headers: headers))
  }

  private func answer(_ response: Response) {
    let length = (name: "Content-Length", value: "\(response.content.count)")
    write("HTTP/1.1 \(response.status) No\r\n", response.headers + [length], response.content)
    linger()
  }

  private func write(_ line: String, _ headers: [(name: String, value: String)], _ content: [UInt8]) {
    let head = line + headers.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
    let bytes = Array(head.utf8) + content
    _ = Glibc.send(descriptor, bytes, bytes.count, 0)
  }
}
