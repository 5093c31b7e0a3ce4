import Testing

@testable import Live

@Suite struct OutboxTests {
  private func texts(_ entries: ArraySlice<Outbox.Entry>?) -> [String]? { entries?.map { "\($0.number)\($0.text)" } }

  @Test func `messages have numbers from 1 on, and wait until they are taken`() {
    var outbox = Outbox()
    #expect(texts(outbox.entries(after: 0)) == [])
    for text in ["a", "b", "c"] { outbox.append(text) }
    #expect(outbox.last == 3)
    #expect(texts(outbox.entries(after: 0)) == ["1a", "2b", "3c"])
    #expect(texts(outbox.entries(after: 2)) == ["3c"])
    // The answer may have been lost: the same messages are there again.
    #expect(texts(outbox.entries(after: 0)) == ["1a", "2b", "3c"])
    outbox.forget(through: 2)
    #expect(texts(outbox.entries(after: 2)) == ["3c"])
    #expect(outbox.entries(after: 1) == nil)
    outbox.forget(through: 3)
    #expect(texts(outbox.entries(after: 3)) == [])
    let entry = outbox.append("d")
    #expect(entry == Outbox.Entry(number: 4, text: "d"))
  }

  @Test func `a number that was never given is refused`() {
    var outbox = Outbox()
    outbox.append("a")
    #expect(outbox.entries(after: 2) == nil)
    #expect(outbox.entries(after: -1) == nil)
  }

  @Test func `too many messages push the oldest ones out, and their loss is noticed`() {
    var outbox = Outbox(mostEntries: 2)
    for text in ["a", "b", "c"] { outbox.append(text) }
    #expect(outbox.entries(after: 0) == nil)
    #expect(texts(outbox.entries(after: 1)) == ["2b", "3c"])
  }

  @Test func `too many bytes push the oldest ones out, but the newest one stays`() {
    var outbox = Outbox(mostBytes: 5)
    for text in ["aaa", "bbb"] { outbox.append(text) }
    #expect(texts(outbox.entries(after: 1)) == ["2bbb"])
    outbox.append("cccccccc")
    #expect(outbox.entries(after: 1) == nil)
    #expect(texts(outbox.entries(after: 2)) == ["3cccccccc"])
    outbox.append("dd")
    #expect(texts(outbox.entries(after: 3)) == ["4dd"])
  }
}
