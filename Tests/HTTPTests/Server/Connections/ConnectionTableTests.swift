import Testing

@testable import HTTP

@Suite struct ConnectionTableTests {
  private static let second = 1_000_000_000

  /// A table by reference, for #expect.
  private final class Table {
    private var table: ConnectionTable

    /// 10 s for a request, 60 s between two; 1000 bytes a second.
    init(places: Int = 3, perAddress: Int = 2) {
      var limits = Server.Limits()
      (limits.connections, limits.connectionsPerAddress) = (places, perAddress)
      (limits.headerSeconds, limits.idleSeconds, limits.slowestRate) = (10, 60, 1000)
      table = ConnectionTable(limits)
    }

    var hasRoom: Bool { table.hasRoom }
    var count: Int { table.count }

    func admit(_ descriptor: Int32, from address: ClientAddress? = nil, at now: Int = 0) -> ConnectionTable.Admission {
      table.admit(descriptor, from: address, at: now)
    }
    func requestArrived(on descriptor: Int32) -> Bool { table.requestArrived(on: descriptor) != nil }
    func number(_ descriptor: Int32) -> Int? { table.requestArrived(on: descriptor) }
    var figures: Server.Figures { table.figures }
    func answerBegins(_ response: Response, on descriptor: Int32, at now: Int) {
      table.answerBegins(response, on: descriptor, at: now)
    }
    func answerFlows(_ body: EndlessBody, on descriptor: Int32, at now: Int) {
      table.answerFlows(body, on: descriptor, at: now)
    }
    func contentExpected(on descriptor: Int32, at now: Int) { table.contentExpected(on: descriptor, at: now) }
    func contentArrived(on descriptor: Int32) { table.contentArrived(on: descriptor) }
    func answerEnded(on descriptor: Int32, at now: Int) { table.answerEnded(on: descriptor, at: now) }
    func leave(_ descriptor: Int32) { table.leave(descriptor) }
    /// All of them, of which none is taken.
    func overdue(at now: Int) -> [Int32] {
      var table = table
      return table.takeOverdue(at: now, atMost: .max)
    }
    func takeOverdue(at now: Int, atMost limit: Int) -> [Int32] { table.takeOverdue(at: now, atMost: limit) }
  }

  @Test func `the first request is due in ten seconds, whatever has come of it`() {
    let table = Table()
    #expect(table.admit(7) == .admitted)
    #expect(table.admit(4, at: 5 * Self.second) == .admitted)
    #expect(table.overdue(at: 9 * Self.second) == [])
    #expect(table.overdue(at: 10 * Self.second) == [7])
    #expect(table.overdue(at: 15 * Self.second) == [4, 7])
  }

  @Test func `those that are overdue are told once, some at a time`() {
    let table = Table(places: 9)
    for descriptor in Int32(1)...5 { _ = table.admit(descriptor) }
    #expect(table.takeOverdue(at: 10 * Self.second, atMost: 3) == [1, 2, 3])
    #expect(table.takeOverdue(at: 10 * Self.second, atMost: 3) == [4, 5])
    #expect(table.takeOverdue(at: 11 * Self.second, atMost: 3) == [])
  }

  @Test func `a request's content is due in ten seconds from its head on`() {
    let table = Table()
    _ = table.admit(7)
    #expect(table.requestArrived(on: 7))
    table.contentExpected(on: 7, at: 9 * Self.second)
    #expect(table.overdue(at: 18 * Self.second) == [])
    #expect(table.overdue(at: 19 * Self.second) == [7])
    table.contentArrived(on: 7)
    #expect(table.overdue(at: 3600 * Self.second) == [])
  }

  @Test func `a request that is held waits for its handler`() {
    let table = Table()
    _ = table.admit(7)
    #expect(table.requestArrived(on: 7))
    #expect(table.overdue(at: 1_000_000 * Self.second) == [])
  }

  @Test func `an answer has the time of its bytes and a minute, and the next request a minute`() {
    let table = Table()
    _ = table.admit(7)
    _ = table.requestArrived(on: 7)
    let response = Response(status: 200, body: [.init([UInt8](repeating: 0, count: 32_500))])
    table.answerBegins(response, on: 7, at: 100 * Self.second)
    #expect(table.overdue(at: 192_499_999_999) == [])
    #expect(table.overdue(at: 192_500_000_000) == [7])
    table.answerEnded(on: 7, at: 110 * Self.second)
    #expect(table.overdue(at: 169 * Self.second) == [])
    #expect(table.overdue(at: 170 * Self.second) == [7])
  }

  @Test func `an answer that is still being written is late only when it has been written`() {
    let table = Table()
    _ = table.admit(7)
    let body = GrowingBody(capacity: 5_000)
    let response = Response(status: 200, growing: Growth(body: body, from: 0, to: .max))
    table.answerBegins(response, on: 7, at: 0)
    #expect(table.takeOverdue(at: 65 * Self.second, atMost: 1) == [])
    body.finish()
    #expect(table.takeOverdue(at: 129 * Self.second, atMost: 1) == [])
    #expect(table.takeOverdue(at: 130 * Self.second, atMost: 1) == [7])
  }

  @Test func `an endless answer has no end, but its head has to be taken, and so has what is left at the end`() {
    let table = Table()
    let (content, body) = (EndlessBody(capacity: 5_000, lagTimeout: .zero), GrowingBody(capacity: 0))
    content.append(body, from: 0)
    let response = Response(status: 200, endless: Endless(content, from: content.place(at: 0)))
    for descriptor in [7, 8] as [Int32] {
      _ = table.admit(descriptor)
      _ = table.requestArrived(on: descriptor)
      table.answerBegins(response, on: descriptor, at: 0)
    }
    table.answerFlows(content, on: 8, at: 10 * Self.second)
    #expect(table.takeOverdue(at: 60 * Self.second, atMost: 2) == [7])
    #expect(table.takeOverdue(at: 100_000 * Self.second, atMost: 1) == [])
    body.finish()
    #expect(table.takeOverdue(at: 100_064 * Self.second, atMost: 1) == [])
    #expect(table.takeOverdue(at: 100_065 * Self.second, atMost: 1) == [8])
  }

  @Test func `whoever comes when all places are taken is told so, and may not be answered`() {
    let table = Table()
    #expect((1...3).map { table.admit($0) } == [.admitted, .admitted, .admitted])
    #expect(table.admit(9) == .overLimit)
    #expect((1...3).allSatisfy { table.requestArrived(on: $0) })
    #expect(!table.requestArrived(on: 9))
    table.leave(2)
    // It was one too many when it came; the next one isn't.
    #expect(!table.requestArrived(on: 9))
    table.leave(9)
    #expect(table.admit(9) == .admitted)
    #expect(table.requestArrived(on: 9))
  }

  @Test func `there is room for so many more only`() {
    let table = Table()
    for descriptor in 0..<Int32(3 + Server.Limits.overflow) {
      #expect(table.hasRoom)
      _ = table.admit(descriptor)
    }
    #expect(!table.hasRoom)
    table.leave(0)
    #expect(table.hasRoom && table.count == 2 + Server.Limits.overflow)
  }

  @Test func `an address has so many places, and gets back those that it leaves`() throws {
    let table = Table()
    let (one, other) = (
      try ClientAddressTests.address("192.0.2.1"), try ClientAddressTests.address("2001:db8::1")
    )
    #expect([1, 2].map { table.admit($0, from: one) } == [.admitted, .admitted])
    #expect(table.admit(3, from: one) == .overAddressLimit)
    #expect(table.count == 2)
    #expect(table.admit(3, from: other) == .admitted)
    table.leave(1)
    #expect(table.admit(1, from: one) == .admitted)
    #expect(table.admit(5, from: one) == .overAddressLimit)
  }

  @Test func `this machine's own address has as many as there are`() throws {
    let table = Table()
    let own = try ClientAddressTests.address("127.0.0.1")
    #expect((1...3).map { table.admit($0, from: own) } == [.admitted, .admitted, .admitted])
  }

  @Test func `without a limit an address has as many as there are`() throws {
    let table = Table(places: 5000, perAddress: 0)
    let address = try ClientAddressTests.address("192.0.2.1")
    #expect((0..<5000).allSatisfy { table.admit($0, from: address) == .admitted })
  }

  @Test func `whoever has left without a word is not counted when another comes in its place`() throws {
    let table = Table()
    let address = try ClientAddressTests.address("192.0.2.1")
    for _ in 0..<10 { #expect(table.admit(7, from: address) == .admitted) }
    #expect(table.count == 1)
  }

  @Test func `each connection has a number of its own, though sockets' descriptors are used again`() {
    let table = Table()
    _ = table.admit(7)
    let first = table.number(7)
    #expect(table.number(7) == first)
    table.leave(7)
    _ = table.admit(7)
    #expect(table.number(7) != first && table.number(8) == 0)
  }

  @Test func `what became of those who came is counted`() throws {
    let table = Table(places: 2, perAddress: 2)
    let address = try ClientAddressTests.address("192.0.2.1")
    for descriptor in Int32(1)...3 { _ = table.admit(descriptor, from: address) }
    _ = table.admit(4)
    _ = table.admit(5)
    var figures = Server.Figures()
    (figures.connections, figures.accepted, figures.refusedOverLimit, figures.refusedPerAddress) = (4, 4, 2, 1)
    #expect(table.figures == figures)
    // The first says nothing, the second does not take its answer, the third asks for nothing more; the fourth leaves.
    _ = table.requestArrived(on: 2)
    table.answerBegins(.notFound, on: 2, at: 0)
    table.answerEnded(on: 4, at: 0)
    table.leave(5)
    _ = table.takeOverdue(at: 1000 * Self.second, atMost: .max)
    (figures.connections, figures.headerTimeouts, figures.idleTimeouts, figures.answerTimeouts) = (3, 1, 1, 1)
    #expect(table.figures == figures)
  }

  @Test func `sockets that were never admitted are nobody's, and leave nothing behind`() {
    let table = Table()
    #expect(table.requestArrived(on: 3))
    table.answerBegins(.notFound, on: 3, at: 0)
    table.answerEnded(on: 3, at: 0)
    table.leave(3)
    #expect(table.count == 0 && table.overdue(at: 1_000_000 * Self.second) == [])
  }
}
