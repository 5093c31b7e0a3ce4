import System
import Testing

@testable import Live

@Suite struct WebhookQueueTests {
  private typealias News = WebhookQueue.News

  private func time(second: Int) -> MonotonicTime { MonotonicTime(nanoseconds: second * 1_000_000_000) }

  private func event(_ number: Int) -> StationEvent {
    SampleEvents.event(.sourceLost(reason: String(number)))
  }

  private func inbox(_ numbers: ClosedRange<Int>, second: Int = 0) -> WebhookInbox {
    var inbox = WebhookInbox()
    for number in numbers { inbox.add(event(number), at: time(second: second)) }
    return inbox
  }

  private func queue(_ numbers: ClosedRange<Int>) -> WebhookQueue {
    var queue = WebhookQueue()
    _ = queue.add(inbox(numbers))
    return queue
  }

  @Test func `events are told in their order, and each once`() {
    var queue = queue(1...3)
    for number in 1...3 {
      #expect(queue.next?.event == event(number))
      let (pause, news) = queue.note(.taken, at: time(second: number))
      #expect(pause == nil && news.isEmpty)
    }
    #expect(queue.next == nil)
    #expect(queue.figures == WebhookQueue.Figures(sent: 3))
  }

  @Test func `the pause doubles from one second to five minutes`() {
    var queue = queue(1...1)
    let pauses = (0..<11).map { _ in queue.note(.later("x", after: nil), at: time(second: 1)).pause }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map { Duration.seconds($0) })
    #expect(WebhookQueue.pause(after: 1_000_000) == .seconds(300))
  }

  @Test(arguments: [(0, 1), (1, 1), (7, 7), (900, 900), (86_400, 900)])
  func `the receiver may choose the pause, within bounds`(asked: Int, pause: Int) {
    var queue = queue(1...1)
    #expect(queue.note(.later("x", after: .seconds(asked)), at: time(second: 1)).pause == .seconds(pause))
  }

  @Test func `an event that is taken ends the doubling`() {
    var queue = queue(1...2)
    for _ in 1...5 { _ = queue.note(.later("x", after: nil), at: time(second: 1)) }
    _ = queue.note(.taken, at: time(second: 2))
    #expect(queue.note(.later("x", after: nil), at: time(second: 3)).pause == .seconds(1))
  }

  @Test func `an event that has waited for an hour is given up, and the next one has its own hour`() {
    var queue = queue(1...1)
    _ = queue.add(inbox(2...2, second: 3000))
    #expect(queue.note(.later("x", after: nil), at: time(second: 3599)).news == [.troubled("x")])
    #expect(queue.note(.later("x", after: nil), at: time(second: 3600)).news == [.gaveUp])
    #expect(queue.next?.event == event(2))
    #expect(queue.note(.later("x", after: nil), at: time(second: 6599)).news == [])
    #expect(queue.note(.later("x", after: nil), at: time(second: 6600)).news == [])
    #expect(queue.next == nil)
    #expect(queue.figures == WebhookQueue.Figures(failed: 2))
  }

  @Test func `a refused event is not tried again, and the next one comes at once`() {
    var queue = queue(1...2)
    let (pause, news) = queue.note(.refused("status 404"), at: time(second: 1))
    #expect(pause == nil && news == [.refused("status 404")])
    #expect(queue.next?.event == event(2))
    #expect(queue.figures == WebhookQueue.Figures(failed: 1, waiting: 1))
  }

  @Test func `of more than 100 events the oldest are dropped, which is news once`() {
    var queue = queue(1...90)
    #expect(queue.add(inbox(91...100)) == nil)
    #expect(queue.add(inbox(101...103)) == .overflow)
    #expect(queue.next?.event == event(4))
    // An inbox of a thread that has waited long drops events, too.
    #expect(queue.add(inbox(104...304)) == nil)
    #expect(queue.next?.event == event(205))
    #expect(queue.figures == WebhookQueue.Figures(dropped: 204, waiting: 100))
  }

  @Test func `a trouble is news at its beginning, and at its end with the number of lost events`() {
    var queue = queue(1...3)
    #expect(queue.note(.later("x", after: nil), at: time(second: 1)).news == [.troubled("x")])
    #expect(queue.note(.later("y", after: nil), at: time(second: 2)).news == [])
    #expect(queue.note(.refused("z"), at: time(second: 3)).news == [])
    #expect(queue.note(.taken, at: time(second: 4)).news == [.well(lost: 1)])
    #expect(queue.note(.taken, at: time(second: 5)).news == [])
  }

  @Test func `at the end of the program the last event is kept`() {
    var queue = queue(1...9)
    queue.keepLast()
    #expect(queue.next?.event == event(9))
    queue.keepLast()
    #expect(queue.figures == WebhookQueue.Figures(dropped: 8, waiting: 1))
  }
}
