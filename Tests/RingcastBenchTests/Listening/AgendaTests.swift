import System
import Testing

@testable import ringcast_bench

@Suite struct AgendaTests {
  @Test func `calls in the order of the times, and nobody before`() {
    var agenda = Agenda()
    var numbers = Array(0..<200)
    numbers.shuffle()
    for number in numbers { agenda.add(number, at: MonotonicTime(nanoseconds: number * 10)) }
    #expect(agenda.pop(now: MonotonicTime(nanoseconds: -1)) == nil)
    var called: [Int] = []
    while let number = agenda.pop(now: MonotonicTime(nanoseconds: 995)) { called.append(number) }
    #expect(called == Array(0..<100))
  }
}
