import HLS
import HTTP
import Testing

@testable import Live

@Suite struct LatestEditionTests {
  private let latest = LatestEdition(graceFrames: 4800, onChange: { _ in })

  /// Stages the edition of a ring up to `last`, which completes a segment or doesn't.
  private func stage(_ maker: inout EditionBuilder, _ last: Int, completing: Bool = true, position: Int) {
    let (edition, _) = maker.edition(Segments.ring(1...last), Segments.open(after: 1...last))
    latest.enqueue(edition, completed: completing ? GrowingBody(capacity: 0) : nil, position: position)
  }

  @Test func `an edition with a new segment is shown when the folder holds it, and not before`() {
    var maker = EditionBuilder(partFrames: 14, capacity: 40_000)
    stage(&maker, 4, position: 1000)
    #expect(latest.edition == nil)
    latest.folderHas(edition: 1)
    #expect(latest.edition?.number == 1)
  }

  @Test func `a slow folder holds an edition back by no more than the grace time`() {
    var maker = EditionBuilder(partFrames: 14, capacity: 40_000)
    stage(&maker, 4, position: 1000)
    latest.advance(to: 5799)
    #expect(latest.edition == nil)
    latest.advance(to: 5800)
    #expect(latest.edition?.number == 1)
  }

  @Test func `an edition without a new segment is shown at once, but never before those that wait`() {
    var maker = EditionBuilder(partFrames: 14, capacity: 40_000)
    stage(&maker, 4, completing: false, position: 0)
    #expect(latest.edition?.number == 1)
    stage(&maker, 5, position: 100)
    stage(&maker, 5, completing: false, position: 200)
    #expect(latest.edition?.number == 1)
    latest.folderHas(edition: 2)
    #expect(latest.edition?.number == 3)
  }

  @Test func `a body comes to its end when the edition that completes it is shown`() {
    var maker = EditionBuilder(partFrames: 14, capacity: 40_000)
    let body = GrowingBody(capacity: 1)
    let (edition, _) = maker.edition(Segments.ring(1...4), Segments.open(after: 1...4))
    latest.enqueue(edition, completed: body, position: 0)
    #expect(!body.isFinished)
    latest.folderHas(edition: edition.number)
    #expect(body.isFinished)
  }
}
