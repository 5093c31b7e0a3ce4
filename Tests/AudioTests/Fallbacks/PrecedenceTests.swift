import Audio
import Testing

@Suite struct PrecedenceTests {
  /// The sound that is heard after each block of ten frames.
  private func heard(_ blocks: [[Bool]], patience: Int = 30) -> [Int?] {
    var precedence = Precedence(count: blocks[0].count, patience: patience)
    return blocks.map { precedence.choose($0, frames: 10) }
  }

  @Test func `the best sound that is there is heard at once where nothing is heard`() {
    #expect(heard([[false, false, true]]) == [2])
    #expect(heard([[false, true, true]]) == [1])
    #expect(heard([[false, false]]) == [nil])
    #expect(heard([[false, false], [true, false]]) == [nil, 0])
  }

  @Test func `a sound that breaks off is replaced at once by the next one that is there`() {
    #expect(heard([[true, true, true], [false, false, true], [false, false, false]]) == [0, 2, nil])
  }

  @Test func `a better sound takes over when it has been there for long enough without a break`() {
    let back = [true, true]
    let blocks = [[false, true], back, back, [false, true], back, back, back, back, back]
    #expect(heard(blocks) == [1, 1, 1, 1, 1, 1, 1, 0, 0])
  }

  @Test func `a better sound that is not patient yet takes over where the one that is heard breaks off`() {
    #expect(heard([[false, true], [true, true], [true, false]]) == [1, 1, 0])
  }

  @Test func `a worse sound never takes over from one that is there`() {
    let blocks = [[Bool]](repeating: [true, true], count: 100)
    #expect(heard(blocks).allSatisfy { $0 == 0 })
  }

  @Test func `without patience, the better sound takes over at once`() {
    #expect(heard([[false, true], [true, true]], patience: 0) == [1, 0])
  }
}
