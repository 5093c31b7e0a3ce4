import Testing

@testable import HTTP

@Suite struct DeliveryTests {
  private let body = GrowingBody(capacity: 100)

  /// A listener that takes so many bytes of each send, and what it has got.
  private final class Listener {
    var room: Int
    var isGone = false
    var received: [UInt8] = []
    /// The result of each send.
    var more: [Bool] = []

    init(room: Int = .max) {
      self.room = room
    }

    func take(_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int? {
      if isGone { return nil }
      let count = min(room, bytes.count)
      received += bytes.prefix(count)
      self.more.append(more)
      return count
    }

    var text: String { String(decoding: received, as: UTF8.self) }
  }

  private func sendPending(_ delivery: inout Delivery, _ listener: Listener) -> Delivery.Verdict {
    var (latest, total): (Chunk?, Int) = (nil, 0)
    let before = delivery.sent
    defer { #expect(total == delivery.sent - before) }
    return delivery.sendPending(latest: &latest, total: &total) { listener.take($0, $1) }
  }

  @Test func `what was appended since is one chunk, and nothing is nothing`() {
    var delivery = Delivery(of: body, from: 0)
    let listener = Listener()
    #expect(sendPending(&delivery, listener) == .wait)
    body.append(Array("abc".utf8)[...])
    body.append(Array("de".utf8)[...])
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(sendPending(&delivery, listener) == .wait)
    body.append(Array("f".utf8)[...])
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(listener.text == "5\r\nabcde\r\n1\r\nf\r\n")
    #expect(listener.more == [false, false])
  }

  @Test func `what was taken is counted, without the frame around it`() {
    var delivery = Delivery(of: body, from: 1)
    body.append(Array("abcdef".utf8)[...])
    let listener = Listener(room: 9)
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(delivery.sent == 0)
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(delivery.sent == 5)
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(delivery.sent == 5)
  }

  @Test func `it begins where the listener is`() {
    body.append(Array("abc".utf8)[...])
    var delivery = Delivery(of: body, from: 2)
    let listener = Listener()
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(listener.text == "1\r\nc\r\n")
  }

  @Test(arguments: 1...12) func `a chunk that is taken in pieces goes on where it stopped`(room: Int) {
    var delivery = Delivery(of: body, from: 0)
    let listener = Listener(room: room)
    var verdict = Delivery.Verdict.wait
    for piece in ["abcdef", "g", "hi"] {
      body.append(Array(piece.utf8)[...])
      verdict = sendPending(&delivery, listener)
    }
    body.finish()
    while verdict == .wait { verdict = sendPending(&delivery, listener) }
    #expect(verdict == .complete)
    #expect(unchunked(listener.text) == "abcdefghi")
  }

  @Test func `the last chunk says that the end follows`() {
    var delivery = Delivery(of: body, from: 0)
    let listener = Listener()
    body.append(Array("abc".utf8)[...])
    #expect(sendPending(&delivery, listener) == .wait)
    body.append(Array("d".utf8)[...])
    body.finish()
    #expect(sendPending(&delivery, listener) == .complete)
    #expect(listener.more == [false, true])
  }

  @Test func `a body that ends with nothing in it breaks the answer off`() {
    var delivery = Delivery(of: body, from: 0)
    body.finish()
    #expect(sendPending(&delivery, Listener()) == .broken)
  }

  @Test func `a listener that is gone is given up`() {
    var delivery = Delivery(of: body, from: 0)
    let listener = Listener()
    listener.isGone = true
    #expect(sendPending(&delivery, listener) == .wait)
    body.append([1])
    #expect(sendPending(&delivery, listener) == .broken)
  }

  @Test func `listeners that are due the same share one chunk, of one body`() {
    let other = GrowingBody(capacity: 10)
    body.append([1, 2, 3])
    other.append([4, 5, 6])
    var (latest, total): (Chunk?, Int) = (nil, 0)
    var chunks: [ObjectIdentifier] = []
    for (of, from) in [(body, 0), (body, 0), (body, 1), (other, 1), (other, 1)] {
      var delivery = Delivery(of: of, from: from)
      let listener = Listener()
      #expect(delivery.sendPending(latest: &latest, total: &total) { listener.take($0, $1) } == .wait)
      #expect(listener.received.dropFirst(3).dropLast(2).elementsEqual(of.array[from...]))
      chunks.append(ObjectIdentifier(latest!))
    }
    #expect(chunks[0] == chunks[1] && chunks[3] == chunks[4])
  }

  /// The content of chunks, which hold no line ends here.
  private func unchunked(_ text: String) -> String {
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    return stride(from: 1, to: lines.count, by: 2).map { String(lines[$0]) }.joined()
  }
}
