import HLS
import HTTP
import Testing

@testable import Live

@Suite struct LatestEditionTests {
  private let shelf = LatestEdition(patience: 4800, onChange: { _ in })

  /// Stages the edition of a ring up to `last`, which completes a segment or doesn't.
  private func stage(_ maker: inout EditionBuilder, _ last: Int, completing: Bool = true, position: Int) {
    let (edition, _) = maker.edition(Segments.ring(1...last), Segments.open(after: 1...last))
    shelf.stage(edition, completed: completing ? GrowingBody(capacity: 0) : nil, position: position)
  }

  @Test func `an edition with a new segment is shown when the folder holds it, and not before`() {
    var maker = EditionBuilder(partFrames: 14, capacity: 40_000)
    stage(&maker, 4, position: 1000)
    #expect(shelf.edition == nil)
    shelf.stored(through: 1)
    #expect(shelf.edition?.number == 1)
  }

  @Test func `a slow folder holds an edition back by no more than the patience`() {
    var maker = EditionBuilder(partFrames: 14, capacity: 40_000)
    stage(&maker, 4, position: 1000)
    shelf.move(to: 5799)
    #expect(shelf.edition == nil)
    shelf.move(to: 5800)
    #expect(shelf.edition?.number == 1)
  }

  @Test func `an edition without a new segment is shown at once, but never before those that wait`() {
    var maker = EditionBuilder(partFrames: 14, capacity: 40_000)
    stage(&maker, 4, completing: false, position: 0)
    #expect(shelf.edition?.number == 1)
    stage(&maker, 5, position: 100)
    stage(&maker, 5, completing: false, position: 200)
    #expect(shelf.edition?.number == 1)
    shelf.stored(through: 2)
    #expect(shelf.edition?.number == 3)
  }

  @Test func `a body comes to its end when the edition that completes it is shown`() {
    var maker = EditionBuilder(partFrames: 14, capacity: 40_000)
    let body = GrowingBody(capacity: 1)
    let (edition, _) = maker.edition(Segments.ring(1...4), Segments.open(after: 1...4))
    shelf.stage(edition, completed: body, position: 0)
    #expect(!body.isFinished)
    shelf.stored(through: edition.number)
    #expect(body.isFinished)
  }
}
