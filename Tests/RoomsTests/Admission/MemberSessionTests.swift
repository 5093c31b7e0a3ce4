import Core
import Testing

@testable import Rooms

@Suite struct MemberSessionTests {
  private let seal = TestSeal()

  @Test(arguments: [nil, 0, UInt64.max]) func `a text gives the session back`(invite: UInt64?) {
    let session = MemberSession(
      room: RoomName("hall")!, member: MemberID(281_474_976_710_655)!, name: "Änn . 👩‍👩‍👧", role: .operator,
      invite: invite, issued: WallTime("2026-11-29T14:00:00.123Z")!)
    #expect(MemberSession(session.text(seal), seal) == session)
    #expect(session.issued == 1_795_960_800_123)
  }

  @Test func `nobody can change a letter of a session`() {
    let session = MemberSession(
      room: RoomName("hall")!, member: MemberID(7)!, name: "Ann", role: .host, invite: 1, issued: Station.noon)
    let text = session.text(seal)
    for index in text.indices {
      var forged = text
      forged.replaceSubrange(index...index, with: text[index] == "a" ? "b" : "a")
      #expect(MemberSession(forged, seal) == nil)
    }
    #expect(MemberSession(session.text(TestSeal(key: 2)), seal) == nil)
  }
}
