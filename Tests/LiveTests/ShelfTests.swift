import HLS
import HTTP
import Testing

@testable import Live

@Suite struct ShelfTests {
  private let shelf = Shelf(stream: "live", patience: 4800)

  private func playlist() throws -> String {
    let edition = try #require(shelf.edition)
    let response = edition.playlist.response(to: Request(method: .get, path: "/live.m3u8"))
    return String(decoding: response.content, as: UTF8.self)
  }

  @Test func `an edition is shown when the folder holds it, and not before`() throws {
    let first = shelf.stage(Segments.ring(1...4), position: 1000)
    #expect(shelf.edition == nil)
    shelf.show(through: first)
    #expect(shelf.edition?.number == first)
    #expect(try playlist().contains("#EXT-X-MEDIA-SEQUENCE:2\n"))
    #expect(try playlist().contains("\nlive/4.mp3\n"))
  }

  @Test func `a slow folder holds an edition back by no more than the patience`() {
    let number = shelf.stage(Segments.ring(1...4), position: 1000)
    shelf.showOverdue(at: 5799)
    #expect(shelf.edition == nil)
    shelf.showOverdue(at: 5800)
    #expect(shelf.edition?.number == number)
  }

  @Test func `the folder's word for an older edition never takes a newer one back`() {
    let first = shelf.stage(Segments.ring(1...4), position: 0)
    let second = shelf.stage(Segments.ring(1...5), position: 96_000)
    shelf.showOverdue(at: 200_000)
    #expect(shelf.edition?.number == second)
    shelf.show(through: first)
    #expect(shelf.edition?.number == second)
  }

  @Test func `segments are found by number, those that left the playlist too`() throws {
    shelf.show(through: shelf.stage(Segments.ring(1...20), position: 0))
    let edition = try #require(shelf.edition)
    #expect(edition.first == 13)
    for sequence in 13...20 { #expect(edition.segment(sequence) != nil) }
    for sequence in [12, 21, -1, .max, .min] { #expect(edition.segment(sequence) == nil) }
  }

  @Test func `a segment's answer is the same object from one edition to the next`() throws {
    let request = Request(method: .get, path: "/live/3.mp3")
    shelf.show(through: shelf.stage(Segments.ring(1...4), position: 0))
    let before = try #require(shelf.edition?.segment(3)).response(to: request)
    shelf.show(through: shelf.stage(Segments.ring(1...5), position: 0))
    let after = try #require(shelf.edition?.segment(3)).response(to: request)
    #expect(before === after)
  }
}
