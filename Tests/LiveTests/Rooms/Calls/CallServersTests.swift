import Core
import Logging
import Rooms
import System
import Testing

@testable import Live

@Suite struct CallServersTests {
  private let now = WallTime(microseconds: 1_764_457_200_000_000)
  private let member = MemberID(7)!

  private func servers(_ urls: String..., secret: [UInt8] = []) -> CallServers {
    var settings = RoomSettings()
    for url in urls { settings.add(iceServer: .init(url)!) }
    return CallServers(settings.iceServers, secret: secret)
  }

  private func answer(_ servers: CallServers) -> CallAnswer {
    var answer = CallAnswer(members: [member])
    servers.add(to: &answer, for: member, at: now)
    return answer
  }

  @Test func `without servers the list is empty`() {
    #expect(answer(CallServers([])) == CallAnswer(members: [member]))
  }

  @Test func `a STUN server needs no credentials`() {
    #expect(
      answer(servers("stun:stun.example:3478"))
        == CallAnswer(ice: [.init(urls: ["stun:stun.example:3478"])], members: [member]))
  }

  /// The credential is that of `TURNCredentialTests`: it expires an hour after the present.
  @Test func `the relays share a credential of the member`() {
    let offered = servers(
      "turn:turn.example", "stun:stun.example", "turns:turn.example:5349?transport=tcp",
      secret: Array("north wind".utf8))
    let expected = CallAnswer(
      ice: [
        .init(urls: ["stun:stun.example"]),
        .init(
          urls: ["turn:turn.example", "turns:turn.example:5349?transport=tcp"], username: "1764460800:7",
          credential: "OKOsqgYITAWi/QTosAjHuFuve7c="),
      ], members: [member])
    #expect(answer(offered) == expected)
  }

  private func read(_ text: String) throws -> CallServers {
    let folder = TemporaryFolder()
    try Folder(folder.path).replace("secret", Array(text.utf8))
    var settings = RoomSettings()
    settings.add(iceServer: .init("turn:turn.example")!)
    settings.iceSecretFile = folder.path + "/secret"
    return try CallServers(settings, log: Log(level: .error))
  }

  @Test(arguments: ["north wind", "north wind\n", "  north wind\r\n\n"])
  func `the secret is the line of the file`(text: String) throws {
    let credential = answer(try read(text)).ice.first?.credential
    #expect(credential == "OKOsqgYITAWi/QTosAjHuFuve7c=")
  }

  @Test(arguments: ["", "\n", "one\ntwo\n"])
  func `a file without one line is refused`(text: String) {
    #expect(throws: InvalidInput.self) { try read(text) }
  }
}
