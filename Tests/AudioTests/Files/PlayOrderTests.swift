import Audio
import Testing

@Suite struct PlayOrderTests {
  private func files(_ count: Int) -> [ListedFile] { (0..<count).map { ListedFile(path: "\($0)") } }

  @Test func `without a seed, the files stay in their order`() {
    var order = PlayOrder(shuffleSeed: nil)
    for _ in 0..<3 { #expect(order.round(of: files(5)) == files(5)) }
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `each round has each file once, and no file comes twice in a row`(seed: UInt64) {
    for count in [2, 3, 8] {
      var order = PlayOrder(shuffleSeed: seed)
      var last: ListedFile?
      for _ in 0..<20 {
        let round = order.round(of: files(count))
        #expect(round.sorted { $0.path < $1.path } == files(count))
        #expect(round.first != last)
        last = round.last
      }
    }
  }

  @Test func `a seed names an order, and rounds differ`() {
    var (first, second) = (PlayOrder(shuffleSeed: 7), PlayOrder(shuffleSeed: 7))
    let rounds = (0..<5).map { _ in first.round(of: files(20)) }
    #expect(rounds == (0..<5).map { _ in second.round(of: files(20)) })
    #expect(Set(rounds.map { $0.map(\.path) }).count == 5)
  }

  @Test func `a single file comes again and again`() {
    var order = PlayOrder(shuffleSeed: 1)
    for _ in 0..<3 { #expect(order.round(of: files(1)) == files(1)) }
    #expect(order.round(of: []).isEmpty)
  }
}
