import Glibc
import HTTP
import Synchronization
import System
import Testing

/// Files on a disk that hangs: no loop waits for them.
@Suite struct HangingFileTests {
  private static let content = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

  /// A disk that gives nothing until it is released.
  private final class Disk: Sendable {
    let isAsked = Semaphore()
    private let gate = Semaphore()
    private let isReleased = Atomic(false)
    let reads = Atomic(0)
    /// The reads that do not find the bytes in memory.
    let gone = Atomic(0)

    var access: FileAccess {
      FileAccess(
        isInMemory: { _ in false },
        bring: { [self] _ in
          reads.add(1, ordering: .relaxed)
          isAsked.post()
          if !isReleased.load(ordering: .acquiring) {
            gate.wait(atMost: .seconds(60))
            gate.post()
          }
          return true
        })
    }

    func release() {
      isReleased.store(true, ordering: .releasing)
      gate.post()
    }
  }

  /// A server with one loop.
  private func serve(_ access: FileAccess, _ road: Road, _ test: (Server) throws -> Void) throws {
    let file = try TestFile(Self.content)
    let representation = FileRepresentation(
      try FileContent(path: file.path, access: access), contentType: "audio/mpeg", cacheControl: "no-cache")
    let server = try Server(
      on: try ListenSocket(host: "127.0.0.1", port: 0), threads: 1, limits: .patient,
      certificate: try road.certificate()
    ) { request, _ in
      .respond(request.path == "/file" ? representation.response(to: request) : .text(200, request.path))
    }
    defer { server.stop() }
    try test(server)
  }

  @Test(arguments: Road.allCases)
  func `the other clients of a loop are served while a download waits for the disk`(road: Road) throws {
    let disk = Disk()
    try serve(disk.access, road) { server in
      let client = try road.connect(server)
      try client.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(disk.isAsked.wait(atMost: .seconds(60)))
      // The only loop answers.
      for number in 0..<5 { #expect(try road.connect(server).get("/\(number)").text == "/\(number)") }
      disk.release()
      #expect(try client.response().body == Self.content)
      #expect(try client.get("/next").text == "/next")
      // Each slice is read, and again where the socket was full meanwhile.
      #expect(disk.reads.load(ordering: .relaxed) >= 4)
    }
  }

  @Test func `the other streams of a connection go on while a download waits for the disk`() throws {
    let disk = Disk()
    try serve(disk.access, .tls) { server in
      let connection = try HTTP2Connection(port: server.port)
      let id = connection.client.request("GET", "/file")
      #expect(try connection.get("/other").status == 200)
      #expect(disk.isAsked.wait(atMost: .seconds(60)))
      #expect(try connection.get("/more").status == 200)
      disk.release()
      #expect(try connection.whole(id).content == Self.content)
    }
  }

  @Test(arguments: Road.allCases)
  func `bytes that are in memory need no other thread`(road: Road) throws {
    let disk = Disk()
    let access = FileAccess(
      isInMemory: { _ in true },
      bring: { _ in
        disk.reads.add(1, ordering: .relaxed)
        return true
      })
    try serve(access, road) { server in
      let client = try road.connect(server)
      #expect(try client.get("/file").body == Self.content)
      #expect(disk.reads.load(ordering: .relaxed) == 0)
    }
  }

  /// A disk that gives an error, though the file itself could be read: a loop that tried the read again would get the bytes.
  private static let failing = FileAccess(isInMemory: { _ in false }, bring: { _ in false })

  @Test(arguments: Road.allCases)
  func `a disk that fails breaks the download, and no loop tries the read again`(road: Road) throws {
    try serve(Self.failing, road) { server in
      let client = try road.connect(server)
      try client.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.head().status == 200)
      #expect(client.rest().count == 0)
      #expect(try road.connect(server).get("/next").text == "/next")
    }
  }

  @Test func `a disk that fails breaks the stream of HTTP/2 and not the connection`() throws {
    try serve(Self.failing, .tls) { server in
      let connection = try HTTP2Connection(port: server.port)
      let answer = try connection.whole(connection.client.request("GET", "/file"))
      #expect(answer.content.isEmpty && !answer.isComplete && answer.code != 0)
      #expect(try connection.get("/next").status == 200)
    }
  }

  @Test func `bytes that have left the memory are read by another thread again`() throws {
    let disk = Disk()
    disk.gone.store(3, ordering: .relaxed)
    let access = FileAccess(
      isInMemory: { _ in true },
      bring: { _ in
        disk.reads.add(1, ordering: .relaxed)
        return true
      },
      readNow: { file, position, buffer in
        guard disk.gone.load(ordering: .relaxed) > 0 else { return FileAccess.readNow(file, position, buffer) }
        disk.gone.subtract(1, ordering: .relaxed)
        return .notInMemory
      })
    try serve(access, .tls) { server in
      let client = try Road.tls.connect(server)
      #expect(try client.get("/file").body == Self.content)
      #expect(disk.reads.load(ordering: .relaxed) == 3)
      disk.gone.store(3, ordering: .relaxed)
      let connection = try HTTP2Connection(port: server.port)
      #expect(try connection.get("/file").content == Self.content)
      #expect(disk.reads.load(ordering: .relaxed) == 6)
    }
  }
}
