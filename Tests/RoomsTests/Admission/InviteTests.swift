import Core
import Testing

@testable import Rooms

@Suite struct InviteTests {
  private let seal = TestSeal()
  private let invite = Invite(
    room: RoomName("hall")!, role: .talker, expires: WallTime("2026-11-29T14:00:00.500Z")!, id: 0xbeef)

  @Test func `the text has the fields and the mark`() {
    let text = invite.text(seal)
    #expect(text.hasPrefix("hall.talker.1795960800.beef."))
    #expect(
      text.utf8.allSatisfy {
        ($0 < 0x80 && Character(Unicode.Scalar($0)).isLetter) || "0123456789.-_".utf8.contains($0)
      })
    #expect(invite.path(seal) == "/rooms/hall?invite=" + text)
  }

  @Test func `a text gives the invite back`() throws {
    #expect(try Invite(invite.text(seal), seal) == invite)
    #expect(invite.end == WallTime("2026-11-29T14:00:00.000Z"))
  }

  @Test func `nobody can change a letter of an invite`() {
    let text = invite.text(seal)
    for index in text.indices {
      var forged = text
      forged.replaceSubrange(index...index, with: text[index] == "a" ? "b" : "a")
      #expect(throws: RoomError(.forgedInvite)) { try Invite(forged, seal) }
    }
  }

  @Test(arguments: ["", ".", "....", "hall.talker.1795960800.beef", "hall.talker.1795960800.beef."])
  func `a text without a mark is forged`(text: String) {
    #expect(throws: RoomError(.forgedInvite)) { try Invite(text, seal) }
  }

  @Test func `an invite of another key is forged`() {
    #expect(throws: RoomError(.forgedInvite)) { try Invite(invite.text(TestSeal(key: 2)), seal) }
  }

  @Test func `a session is no invite`() {
    let session = MemberSession(
      room: invite.room, member: MemberID(7)!, name: "Ann", role: .host, invite: nil, issued: Station.noon)
    #expect(throws: RoomError(.forgedInvite)) { try Invite(session.text(seal), seal) }
    #expect(MemberSession(invite.text(seal), seal) == nil)
  }

  @Test func `no invite makes an operator`() {
    #expect(Invite(room: invite.room, role: .operator, expires: invite.end, id: 1).role == .host)
    let fields = "hall.operator.1795960800.beef"
    #expect(throws: RoomError(.forgedInvite)) {
      try Invite("\(fields).\(seal.mark(fields, purpose: "invite"))", seal)
    }
  }
}
