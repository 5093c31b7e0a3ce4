import Core
import Pictures
import Synchronization
import Testing

@testable import HTTP
@testable import Live

extension PictureShelf {
  /// Adds a picture of the sound at the live edge.
  fileprivate func add(_ still: JPEGStill, at place: LiveEdge.Position) { add(still, at: place, edge: place.sample) }
}

@Suite struct PictureShelfTests {
  /// A second of the stream, in PCM frames.
  private static let second = 48_000

  private func shelf(count: Int = 100, bytes: Int = 1 << 20, _ onChange: @escaping @Sendable () -> Void = {})
    -> PictureShelf
  {
    PictureShelf(
      .init(count: count, bytes: bytes, samples: 20 * Self.second, lead: 2 * Self.second), for: .everybody,
      onChange: onChange)
  }

  /// A still of 16 by 16 pixels whose bytes tell a number.
  private func still(_ number: UInt8) throws -> JPEGStill {
    let head: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC4, 0, 2, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]
    return try JPEGStill((head + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, number, 0xFF, 0xD9])[...])
  }

  private func place(_ seconds: Double) -> LiveEdge.Position {
    LiveEdge.Position(
      sample: Int(seconds * Double(Self.second)),
      date: WallTime(microseconds: 1_795_953_600_000_000 + Int(seconds * 1_000_000)))
  }

  /// The answer to a request; nil for a request that is held.
  private func answer(
    _ shelf: PictureShelf, _ resource: PictureResource, at seconds: Double = 0, mayWait: Bool = true,
    headers: [(name: String, value: String)] = []
  ) -> Response? {
    let request = Request(method: .get, path: "/live/picture.jpg", headers: headers)
    let reply = shelf.reply(to: request, for: resource, at: place(seconds).sample, mayWait: mayWait)
    if case .respond(let response) = reply { return response }
    return nil
  }

  private func listed(_ shelf: PictureShelf, after id: Int? = nil, at seconds: Double = 0) throws -> [Int] {
    let content = try #require(answer(shelf, .list(after: id), at: seconds, mayWait: false)).content
    return String(decoding: content, as: UTF8.self).split(separator: "\"id\":", omittingEmptySubsequences: false)
      .dropFirst().compactMap {
        Int($0.prefix { $0.isNumber })
      }
  }

  @Test func `the newest picture is given with its tag, and an equal tag gets 304`() throws {
    let shelf = shelf()
    #expect(answer(shelf, .newest)?.status == 404)
    shelf.add(try still(1), at: place(0))
    shelf.add(try still(2), at: place(0.5))
    let newest = try #require(answer(shelf, .newest))
    #expect(newest.content == (try still(2)).bytes && newest.header("Cache-Control") == "public, no-cache")
    let tag = try #require(newest.header("ETag"))
    #expect(answer(shelf, .newest, headers: [(name: "If-None-Match", value: tag)])?.status == 304)
  }

  @Test func `the id of a picture is its date, and rises where dates do not`() throws {
    let shelf = shelf()
    shelf.add(try still(1), at: place(1))
    let back = LiveEdge.Position(sample: 2 * Self.second, date: place(0).date)
    shelf.add(try still(2), at: back)
    #expect(try listed(shelf, at: 2) == [1_795_953_601_000, 1_795_953_601_001])
    #expect(answer(shelf, .still(1_795_953_601_001))?.content == (try still(2)).bytes)
  }

  @Test func `a picture that is not newer than the newest one is dropped`() throws {
    let changes = Mutex(0)
    let shelf = shelf { changes.withLock { $0 += 1 } }
    shelf.add(try still(1), at: place(1))
    shelf.add(try still(2), at: place(1))
    shelf.add(try still(3), at: place(0.5))
    #expect(answer(shelf, .newest)?.content == (try still(1)).bytes)
    #expect(changes.withLock { $0 } == 1)
  }

  @Test func `a picture with a false place takes no place, and no other picture from the shelf`() throws {
    let shelf = shelf()
    shelf.add(try still(1), at: place(1))
    shelf.add(try still(2), at: place(61), edge: place(1.2).sample)
    shelf.add(try still(3), at: place(3.3), edge: place(1.2).sample)
    #expect(answer(shelf, .newest)?.content == (try still(1)).bytes)
    // A voice that is mixed later.
    shelf.add(try still(4), at: place(3.1), edge: place(1.2).sample)
    #expect(answer(shelf, .newest)?.content == (try still(4)).bytes)
    #expect(try listed(shelf).count == 2)
  }

  @Test(arguments: [(24, 125), (600, 3005), (819, 4096), (86_400, 4096)])
  func `the shelf has room for five pictures for each second of the ring, up to a bound`(seconds: Int, count: Int) {
    let limits = PictureShelf.Limits(ring: .seconds(seconds), sampleRate: 44_100)
    #expect(limits.count == count && limits.samples == seconds * 44_100 && limits.lead == 88_200)
  }

  @Test func `a picture goes when the ring has its sound no more`() throws {
    let shelf = shelf()
    shelf.add(try still(1), at: place(0))
    shelf.add(try still(2), at: place(5))
    #expect(try listed(shelf, at: 20).count == 2)
    #expect(try listed(shelf, at: 20.1).count == 1)
    #expect(answer(shelf, .still(1_795_953_600_000), at: 20.1)?.status == 404)
    #expect(answer(shelf, .newest, at: 26)?.status == 404 && shelf.bytes == 0)
  }

  @Test func `the oldest pictures go where there are too many of them, or of their bytes`() throws {
    let length = try still(1).bytes.count
    for shelf in [shelf(count: 3), shelf(bytes: 3 * length)] {
      for number in 0..<10 { shelf.add(try still(UInt8(number)), at: place(Double(number) / 10)) }
      #expect(try listed(shelf).count == 3 && shelf.bytes == 3 * length)
      #expect(answer(shelf, .newest)?.content == (try still(9)).bytes)
    }
  }

  @Test func `a request for later pictures is held until there is one, or until it may wait no more`() throws {
    let shelf = shelf()
    shelf.add(try still(1), at: place(0))
    let first = try #require(listed(shelf).first)
    #expect(answer(shelf, .list(after: first)) == nil)
    #expect(try listed(shelf, after: first).isEmpty)
    shelf.add(try still(2), at: place(1))
    #expect(answer(shelf, .list(after: first)) != nil)
    #expect(try listed(shelf, after: first) == [first + 1000])
  }

  @Test func `while there is no picture, the list after the picture 0 is held, and the list of all is not`() throws {
    let shelf = shelf()
    #expect(answer(shelf, .list(after: 0)) == nil && answer(shelf, .list(after: nil)) != nil)
    #expect(try listed(shelf, after: 0).isEmpty)
    shelf.add(try still(1), at: place(0))
    #expect(try listed(shelf, after: 0) == listed(shelf))
  }

  @Test func `many lists are asked for, and each is right, before and after a change`() throws {
    let shelf = shelf()
    for number in 0..<40 { shelf.add(try still(UInt8(number)), at: place(Double(number) / 10)) }
    let all = try listed(shelf)
    for _ in 0..<2 {
      for index in all.indices { #expect(try listed(shelf, after: all[index]) == Array(all[(index + 1)...])) }
    }
    shelf.add(try still(99), at: place(5))
    #expect(try listed(shelf, after: all[39]).count == 1 && listed(shelf).count == 41)
    #expect(try listed(shelf, at: 21.05).count == 30)
    #expect(try listed(shelf, after: all[0] - 1, at: 21.05).count == 30)
  }

  @Test func `after the end of the stream no picture is added, and the moving picture ends`() throws {
    let shelf = shelf()
    shelf.add(try still(1), at: place(0))
    let moving = try #require(self.answer(shelf, .moving))
    shelf.finish()
    shelf.add(try still(2), at: place(1))
    #expect(try listed(shelf).count == 1)
    #expect(moving.endless?.body.isFinished == true)
  }

  @Test func `the moving picture begins with the newest one, and there is none before the first`() throws {
    let shelf = shelf()
    #expect(answer(shelf, .moving)?.status == 404)
    shelf.add(try still(1), at: place(0))
    #expect(answer(shelf, .moving)?.endless != nil)
  }
}
