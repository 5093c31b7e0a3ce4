import Core
import Testing

@testable import Rooms

@Suite struct MemberIDTests {
  @Test func `members' numbers are numbers of JavaScript, and differ`() {
    var random = RandomNumbers(seed: 7)
    let ids = (0..<1000).map { _ in MemberID(&random).number }
    #expect(Set(ids).count == 1000 && ids.allSatisfy { (1..<(1 << 48)).contains($0) })
    #expect(MemberID(0) == nil && MemberID(1 << 48) == nil && MemberID(1)?.number == 1)
  }
}
