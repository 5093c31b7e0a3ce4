import System
import Testing

@testable import HTTP

@Suite struct EndlessDeliveryTests {
  private let content = EndlessBody(capacity: 20, lagTimeout: .nanoseconds(5))
  private let clock = TestClock()

  /// A listener that takes so many bytes of each send, and what it has got.
  private final class Listener {
    var room: Int
    var received = ""
    /// The bytes that were offered last.
    var offered = ""

    init(room: Int = .max) {
      self.room = room
    }

    func take(_ bytes: UnsafeRawBufferPointer) -> Int? {
      offered = String(decoding: bytes, as: UTF8.self)
      let count = min(room, bytes.count)
      received += offered.prefix(count)
      return count
    }
  }

  /// A body of which the first three bytes are no content.
  private func begin(_ text: String = "") -> GrowingBody {
    let body = GrowingBody(capacity: 1000)
    body.append(Array("tag\(text)".utf8)[...])
    content.append(body, from: 3)
    return body
  }

  private func delivery(at position: Int = 3, inserts: Inserts? = nil) -> EndlessDelivery {
    EndlessDelivery(Endless(content, from: content.place(at: position), inserts: inserts), clock: clock.read)
  }

  private func sendPending(_ delivery: inout EndlessDelivery, _ listener: Listener) -> Delivery.Verdict {
    var (latest, total): (Chunk?, Int) = (nil, 0)
    let before = delivery.sent
    defer { #expect(latest == nil && total == delivery.sent - before) }
    return delivery.sendPending(latest: &latest, total: &total) { bytes, _ in listener.take(bytes) }
  }

  @Test func `bodies are one content, without what is before its beginning in each`() {
    let first = begin("abc")
    var delivery = delivery()
    let listener = Listener()
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(listener.received == "abc")
    first.append(Array("de".utf8)[...])
    let second = begin()
    #expect(sendPending(&delivery, listener) == .wait)
    second.append(Array("fg".utf8)[...])
    _ = begin("h")
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(listener.received == "abcdefgh")
    #expect(delivery.sent == 8)
  }

  @Test func `it goes on in the next body whether or not the one before is finished, and ends with the last`() {
    let first = begin("a")
    var delivery = delivery()
    let listener = Listener()
    let second = begin("b")
    #expect(sendPending(&delivery, listener) == .wait)
    first.finish()
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(listener.received == "ab" && !content.isFinished)
    second.append(Array("c".utf8)[...])
    second.finish()
    #expect(content.isFinished)
    #expect(sendPending(&delivery, listener) == .complete)
    #expect(listener.received == "abc")
  }

  @Test func `a last body with nothing in it is no mistake`() {
    let first = begin("a")
    var delivery = delivery()
    let listener = Listener()
    let last = GrowingBody(capacity: 10)
    content.append(last, from: 3)
    first.finish()
    last.finish()
    #expect(sendPending(&delivery, listener) == .complete)
    #expect(listener.received == "a" && content.count == 1)
  }

  @Test func `it begins where it is told`() {
    _ = begin("abc")
    let place = content.place(at: 5)
    #expect(place.offset == 2)
    _ = begin("d")
    var delivery = EndlessDelivery(Endless(content, from: place), clock: clock.read)
    let listener = Listener()
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(listener.received == "cd")
  }

  @Test func `it ends early where it is cut off`() {
    let body = begin("abc")
    let cutoff = Cutoff()
    var endless = Endless(content, from: content.place(at: 3))
    endless.cutoff = cutoff
    var other = self.delivery()
    var delivery = EndlessDelivery(endless, clock: clock.read)
    let listener = Listener()
    #expect(sendPending(&delivery, listener) == .wait)
    body.append(Array("de".utf8)[...])
    cutoff.cut()
    #expect(sendPending(&delivery, listener) == .complete)
    #expect(listener.received == "abc")
    #expect(sendPending(&other, Listener()) == .wait)
  }

  @Test(arguments: 1...12) func `what is taken in pieces is all there`(room: Int) {
    var last = begin("abcdef")
    var delivery = delivery()
    let listener = Listener(room: room)
    var verdict = sendPending(&delivery, listener)
    for piece in ["ghi", "j", "klmno"] {
      last = begin(piece)
      verdict = sendPending(&delivery, listener)
    }
    last.finish()
    while verdict == .wait { verdict = sendPending(&delivery, listener) }
    #expect(verdict == .complete)
    #expect(listener.received == "abcdefghijklmno")
  }

  @Test func `what was not taken is tried again as it was`() {
    let body = begin("abcdef")
    var delivery = delivery()
    let listener = Listener(room: 2)
    #expect(sendPending(&delivery, listener) == .wait)
    body.append(Array("ghi".utf8)[...])
    listener.room = 0
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(listener.offered == "cdef")
    listener.room = .max
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(listener.received == "abcdefghi")
  }

  @Test func `a listener for whom more waits than may, and for too long, is late`() {
    var body = begin(String(repeating: "a", count: 15))
    var delivery = delivery()
    let listener = Listener(room: 1)
    #expect(sendPending(&delivery, listener) == .wait)
    listener.room = 0
    body = begin("bbbbb")
    body.append(Array("b".utf8)[...])
    #expect(sendPending(&delivery, listener) == .wait)
    // As much as may wait may wait for ever.
    clock.time = 1000
    #expect(sendPending(&delivery, listener) == .wait)
    body.append(Array("b".utf8)[...])
    #expect(sendPending(&delivery, listener) == .wait)
    clock.time = 1004
    #expect(sendPending(&delivery, listener) == .wait)
    clock.time = 1005
    #expect(sendPending(&delivery, listener) == .late)
  }

  @Test func `what comes at once has time to be taken`() {
    let body = begin(String(repeating: "a", count: 30))
    var delivery = delivery()
    let listener = Listener(room: 5)
    #expect(sendPending(&delivery, listener) == .wait)
    clock.time = 4
    // 20 bytes are left: it is not behind any more.
    #expect(sendPending(&delivery, listener) == .wait)
    body.append(Array(repeating: UInt8(ascii: "a"), count: 5)[...])
    clock.time = 8
    #expect(sendPending(&delivery, listener) == .wait)
    listener.room = 0
    clock.time = 100
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(listener.received.count == 15)
  }

  @Test func `a listener that is gone is given up`() {
    _ = begin("abc")
    var delivery = delivery()
    var (latest, total): (Chunk?, Int) = (nil, 0)
    #expect(delivery.sendPending(latest: &latest, total: &total) { _, _ in nil } == .broken)
  }

  @Test func `a body is let go when all who read it have gone on`() {
    weak var first: GrowingBody?
    let listener = Listener()
    var delivery: EndlessDelivery
    do {
      let body = begin("abc")
      first = body
      delivery = self.delivery()
      #expect(sendPending(&delivery, listener) == .wait)
    }
    _ = begin("d")
    #expect(first != nil)
    #expect(sendPending(&delivery, listener) == .wait)
    #expect(first == nil && listener.received == "abcd")
  }

  @Test(arguments: 1...9) func `blocks stand after so many bytes, however they are taken`(room: Int) {
    let places = Places()
    let inserts = Inserts(every: 4, same: Array("-".utf8)) { offset in
      places.offsets.append(offset)
      return Array((offset < 10 ? "<one>" : "<two>").utf8)
    }
    var last = begin("abcdef")
    // Two bytes of the content are before it.
    var delivery = delivery(at: 5, inserts: inserts)
    let listener = Listener(room: room)
    var verdict = sendPending(&delivery, listener)
    for piece in ["gh", "ijklmn", "opqrs"] {
      last = begin(piece)
      verdict = sendPending(&delivery, listener)
    }
    last.finish()
    while verdict == .wait { verdict = sendPending(&delivery, listener) }
    #expect(verdict == .complete)
    #expect(listener.received == "cdef<one>ghij<two>klmn-opqr-s")
    #expect(places.offsets == [6, 10, 14, 18])
  }

  @Test func `a block goes out with what is before it`() {
    _ = begin("abcdef")
    var delivery = delivery(inserts: Inserts(every: 4, same: []) { _ in [UInt8(ascii: "-")] })
    var (latest, total, sends): (Chunk?, Int, [(String, Bool)]) = (nil, 0, [])
    let verdict = delivery.sendPending(latest: &latest, total: &total) { bytes, more in
      sends.append((String(decoding: bytes, as: UTF8.self), more))
      return bytes.count
    }
    #expect(verdict == .wait)
    #expect(sends.map(\.0) == ["abcd", "-", "ef"] && sends.map(\.1) == [true, false, false])
  }

  private final class TestClock: @unchecked Sendable {
    /// Nanoseconds.
    var time = 0

    @Sendable func read() -> MonotonicTime { MonotonicTime(nanoseconds: time) }
  }

  /// The wishes of the listener.
  private final class Places: @unchecked Sendable {
    var offsets: [Int] = []
  }
}
