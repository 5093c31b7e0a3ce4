import Core
import System
import Testing

@testable import Live

@Suite struct ListenerTableTests {
  /// A table by reference, for #expect; a listener that does nothing is there for ten seconds.
  private final class Table {
    private var attendance: ListenerTable

    init(capacity: Int = 100) {
      attendance = ListenerTable(timeout: .seconds(10), capacity: capacity)
    }

    func asks(_ who: ListenerTable.Listener, _ way: ListenerTable.Way?, clientFingerprint: Int = 0, at seconds: Int = 0)
    {
      attendance.asks(who, way, at: moment(seconds)) { clientFingerprint }
    }
    func begins(_ who: ListenerTable.Listener, _ way: ListenerTable.Way = .growing, at seconds: Int = 0) {
      attendance.begins(who, way, at: moment(seconds)) { 0 }
    }
    func ends(_ who: ListenerTable.Listener, at seconds: Int) { attendance.ends(who, at: moment(seconds)) }
    func closes(_ connection: Int) { attendance.closes(connection) }
    /// Plain, low-latency, growing, endless.
    func counts(at seconds: Int = 0) -> [Int] {
      let counts = attendance.counts(at: moment(seconds))
      return ListenerTable.Way.allCases.map { counts[$0]! }
    }
    var sessions: Int { attendance.sessions }

    private func moment(_ seconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: 0) + .seconds(seconds) }
  }

  @Test(arguments: [(Duration.milliseconds(500), 15), (.seconds(2), 15), (.seconds(5), 15), (.seconds(30), 90)])
  func `a silent listener has left after three segments, and after fifteen seconds at least`(
    segmentLength: Duration, seconds: Int
  ) {
    #expect(ListenerTable.timeout(segmentLength: segmentLength) == .seconds(seconds))
  }

  @Test func `a session is one listener, by however many connections it comes and wherever it goes`() {
    let table = Table()
    for moment in 0..<30 {
      table.asks(.session("a"), .growing, clientFingerprint: moment, at: moment)
      table.asks(.session("b"), .growing, clientFingerprint: moment, at: moment)
    }
    #expect(table.counts(at: 30) == [0, 0, 2, 0])
    #expect(table.sessions == 2)
  }

  @Test func `who does nothing more is gone after a while, and comes back as another`() {
    let table = Table()
    table.asks(.session("a"), .plain)
    #expect(table.counts(at: 10) == [1, 0, 0, 0])
    #expect(table.counts(at: 11) == [0, 0, 0, 0])
    table.asks(.session("a"), .plain, at: 12)
    #expect(table.counts(at: 12) == [1, 0, 0, 0])
    #expect(table.sessions == 2)
  }

  @Test func `while an answer grows its listener is there, however long that is, and for a while after`() {
    let table = Table()
    table.begins(.session("a"))
    table.begins(.session("a"), at: 1)
    table.ends(.session("a"), at: 2)
    #expect(table.counts(at: 1000) == [0, 0, 1, 0])
    table.ends(.session("a"), at: 1000)
    #expect(table.counts(at: 1010) == [0, 0, 1, 0])
    #expect(table.counts(at: 1011) == [0, 0, 0, 0])
  }

  @Test func `the way is the one nearest to live that was seen in a while`() {
    let table = Table()
    table.asks(.session("a"), nil)
    #expect(table.counts() == [1, 0, 0, 0])
    table.asks(.session("a"), .lowLatency, at: 1)
    table.asks(.session("a"), .growing, at: 2)
    table.asks(.session("a"), .lowLatency, at: 3)
    table.asks(.session("a"), nil, at: 4)
    #expect(table.counts(at: 4) == [0, 0, 1, 0])
    table.asks(.session("a"), .plain, at: 12)
    #expect(table.counts(at: 12) == [0, 0, 1, 0])
    table.asks(.session("a"), .plain, at: 13)
    #expect(table.counts(at: 13) == [1, 0, 0, 0])
  }

  @Test func `without a session each connection is a listener`() {
    let table = Table()
    for moment in 0..<30 {
      for connection in 1...3 { table.asks(.connection(connection), .plain, clientFingerprint: 7, at: moment) }
    }
    #expect(table.counts(at: 30) == [3, 0, 0, 0])
    #expect(table.sessions == 3)
  }

  @Test func `one that opens a connection for each request is one, and gone a while after the last`() {
    let table = Table()
    for connection in 1...30 {
      table.asks(.connection(connection), .plain, clientFingerprint: 7, at: connection)
      #expect(table.counts(at: connection) == [1, 0, 0, 0])
      table.closes(connection)
    }
    #expect(table.sessions == 1)
    #expect(table.counts(at: 40) == [1, 0, 0, 0])
    #expect(table.counts(at: 41) == [0, 0, 0, 0])
  }

  @Test func `what does not look like it is another`() {
    let table = Table()
    table.asks(.connection(1), .plain, clientFingerprint: 7)
    table.closes(1)
    table.asks(.connection(2), .plain, clientFingerprint: 8)
    // Nor does a session go on in its place.
    table.asks(.session("a"), .plain, clientFingerprint: 7)
    #expect(table.counts() == [3, 0, 0, 0])
  }

  @Test func `who is sent a growing answer without a session is gone with its connection`() {
    let table = Table()
    table.begins(.connection(1))
    table.ends(.connection(1), at: 1)
    #expect(table.counts(at: 2) == [0, 0, 1, 0])
    table.closes(1)
    #expect(table.counts(at: 2) == [0, 0, 0, 0])
  }

  @Test func `no more than so many are remembered, and there is room again when they have gone`() {
    let table = Table(capacity: 5)
    for number in 0..<1000 {
      table.asks(.session("session \(number)"), .plain)
      table.begins(.connection(number))
      table.closes(number)
    }
    #expect(table.counts().reduce(0, +) <= 5)
    for number in 0..<3 { table.asks(.session("later \(number)"), .plain, at: 11) }
    #expect(table.counts(at: 11) == [3, 0, 0, 0])
  }

  @Test func `the end of what was not counted changes nothing`() {
    let table = Table(capacity: 1)
    table.asks(.session("a"), .plain)
    table.begins(.session("b"))
    table.ends(.session("b"), at: 1)
    table.ends(.session("a"), at: 1)
    table.closes(9)
    table.begins(.session("a"), at: 2)
    #expect(table.counts(at: 100) == [0, 0, 1, 0])
  }
}
