import Glibc
import HTTP
import Logging
import System
import Testing

@testable import Live

@Suite struct AccessLogTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)

  /// As the program does: a pipe that has lost its reader is an error for its writer only.
  init() { signal(SIGPIPE, SIG_IGN) }

  private func answer(_ target: String) -> FinishedExchange {
    FinishedExchange(
      client: Client(connection: 1, address: IPAddress("192.0.2.7")),
      request: RequestLine(method: "GET", target: Array(target.utf8), version: "HTTP/1.1"), status: 200, bytes: 1,
      duration: .zero)
  }

  private func targets(_ name: String) throws -> [String] {
    try String(decoding: Folder(temporary.path).read(name), as: UTF8.self).split(separator: "\n").map {
      String($0.split(separator: " ")[6])
    }
  }

  @Test func `every answer is a line, in order, when it is stopped`() throws {
    let accessLog = try AccessLog(path: "\(temporary.path)/log", log: log)
    for number in 0..<1000 { accessLog.note(answer("/\(number)")) }
    accessLog.stop(within: .seconds(10))
    #expect(try targets("log") == (0..<1000).map { "/\($0)" })
    #expect(accessLog.lost == 0)
  }

  @Test func `it goes on behind what is there, in another file when it is opened again`() throws {
    let path = "\(temporary.path)/log"
    for target in ["/1", "/2"] {
      let accessLog = try AccessLog(path: path, log: log)
      accessLog.note(answer(target))
      accessLog.stop(within: .seconds(10))
    }
    let accessLog = try AccessLog(path: path, log: log)
    rename(path, path + ".1")
    accessLog.reopen()
    while access(path, F_OK) != 0 { usleep(1000) }
    accessLog.note(answer("/3"))
    accessLog.stop(within: .seconds(10))
    #expect(try targets("log.1") == ["/1", "/2"])
    #expect(try targets("log") == ["/3"])
  }

  @Test func `a disk that is full costs the lines, which are counted, and nothing else`() throws {
    let accessLog = try AccessLog(path: "/dev/full", log: log)
    for _ in 0..<3 { accessLog.note(answer("/")) }
    accessLog.stop(within: .seconds(10))
    #expect(accessLog.lost == 3)
  }

  @Test func `one that takes nothing any more costs no more memory than so much, and nobody waits`() throws {
    let path = "\(temporary.path)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    let accessLog = try AccessLog(path: path, log: log)
    for _ in 0..<20_000 { accessLog.note(answer("/" + String(repeating: "x", count: 1000))) }
    accessLog.stop(within: .seconds(10))
    #expect(accessLog.lost > 10_000 && accessLog.lost < 20_000)
  }

  @Test func `a file that can't be opened is named with the reason`() {
    let path = "\(temporary.path)/missing/log"
    let error = #expect(throws: InvalidInput.self) { try AccessLog(path: path, log: log) }
    #expect(error?.text { "--\($0.rawValue)" } == "--access-log \(path): No such file or directory (open)")
  }

  @Test func `a line that was cut off is ended before the next`() throws {
    let path = "\(temporary.path)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    var file = try LogFile(path)
    // A pipe holds 64 kB.
    let long = String(repeating: "x", count: 70_000)
    #expect(throws: LogFile.Failure.self) { try file.append(["first\n", "\(long)\n", "never\n"]) }
    func read() -> String {
      var buffer = [UInt8](repeating: 0, count: 100_000)
      let count = Glibc.read(reader, &buffer, buffer.count)
      return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
    #expect(read().hasPrefix("first\nxxx"))
    try file.append(["next\n"])
    #expect(read() == "\nnext\n")
  }
}
