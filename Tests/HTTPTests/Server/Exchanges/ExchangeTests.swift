import System
import Testing

@testable import HTTP

@Suite struct ExchangeTests {
  private static func second(_ number: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int(number * 1e9)) }

  /// 60 s more than the content or the answer needs; an answer needs a second for 1000 bytes.
  private static let deadlines: Deadlines = {
    var limits = Server.Limits()
    (limits.idleSeconds, limits.slowestRate) = (60, 1000)
    return Deadlines(limits)
  }()

  @Test func `each byte of content moves the deadline by its time, and no pause counts`() {
    let exchange = Exchange()
    exchange.receiver = RecordingReceiver(slowestRate: 100)
    exchange.contentBegan = Self.second(10)
    func deadline(_ now: Double) -> MonotonicTime { exchange.contentDeadline(Self.deadlines, at: Self.second(now)) }
    #expect(deadline(10) == Self.second(70))
    exchange.received = 50
    #expect(deadline(30) == Self.second(70.5))
    // A stream of years: the product with a billion has no place in 64 bits.
    exchange.received = 10_000_000_000
    #expect(deadline(30) == Self.second(100_000_070))
    exchange.received = 50
    exchange.pause(at: Self.second(30))
    #expect(exchange.resume(at: Self.second(1030)))
    #expect(!exchange.resume(at: Self.second(2000)))
    #expect(deadline(1030) == Self.second(1070.5))
  }

  @Test func `without a rate each piece has the whole time`() {
    let exchange = Exchange()
    exchange.receiver = RecordingReceiver()
    exchange.contentBegan = Self.second(10)
    #expect(exchange.contentDeadline(Self.deadlines, at: Self.second(500)) == Self.second(560))
  }

  @Test func `the deadline of a file follows the bytes that the client takes`() throws {
    let exchange = Exchange()
    exchange.answerBegan = Self.second(10)
    #expect(exchange.movingDeadline(Self.deadlines) == nil)
    let file = try TestFile(zeros: 1 << 40)
    var delivery = FileDelivery(of: FileContent.Slice(try FileContent(path: file.path), 5..<1 << 40))
    exchange.delivery = .file(delivery)
    #expect(exchange.movingDeadline(Self.deadlines) == Self.second(70))
    delivery.took(30_000)
    exchange.delivery = .file(delivery)
    #expect(exchange.movingDeadline(Self.deadlines) == Self.second(100))
  }

  @Test(arguments: [(256 << 10, false), (256 << 10 + 1, true)])
  func `the deadline of long content in memory moves, and that of other content does not`(count: Int, moves: Bool) {
    let exchange = Exchange()
    exchange.answerBegan = Self.second(10)
    let response = Response(status: 200, headers: [], body: [Bytes.Slice([UInt8](repeating: 0, count: count))])
    exchange.response = response
    var delivery = SliceDelivery(of: response.body)
    delivery.took(30_000)
    exchange.delivery = .slices(delivery)
    #expect(exchange.movingDeadline(Self.deadlines) == (moves ? Self.second(100) : nil))
    #expect(response.firstDue == (moves ? 0 : count))
  }
}
