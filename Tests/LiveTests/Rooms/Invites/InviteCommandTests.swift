import Core
import HTTP
import Logging
import Rooms
import Testing

@testable import Live

@Suite struct InviteCommandTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)
  private let now = WallTime(microseconds: 1_000_000_000)

  private func settings(_ change: (inout StationSettings) -> Void = { _ in }) -> StationSettings {
    var settings = StationSettings()
    settings.streams[0].soundDirectory = temporary.path
    settings.rooms = RoomSettings()
    change(&settings)
    return settings
  }

  @Test func `the link holds an invite that the station's key has sealed`() throws {
    let key = try InviteKey.make(settings(), log: log)
    let command = try InviteCommand(room: "studio", role: "host", expires: "2h")
    let link = try command.link(settings(), now: now, log: log)
    let start = "http://127.0.0.1:8080/rooms/studio?invite="
    #expect(link.hasPrefix(start))
    let invite = try Invite(String(link.dropFirst(start.count)), key)
    #expect(invite.room.text == "studio" && invite.role == .host && invite.expires == 1000 + 7200)
    #expect(try command.link(settings(), now: now, log: log) != link, "each invite has an id of its own")
  }

  @Test(arguments: [
    ("127.0.0.1", 80, false, "http://127.0.0.1/"), ("192.0.2.1", 443, true, "https://192.0.2.1/"),
    ("::1", 8080, true, "https://[::1]:8080/"), ("radio.example", 443, false, "http://radio.example:443/"),
  ])
  func `scheme, host and port are those of the settings`(host: String, port: UInt16, isSecure: Bool, start: String)
    throws
  {
    let settings = settings {
      ($0.endpoints.host, $0.endpoints.port) = (host, port)
      if isSecure { $0.endpoints.tlsCertificate = "cert.pem" }
    }
    _ = try InviteKey.make(settings, log: log)
    let command = try InviteCommand(room: "a", role: nil, expires: nil)
    #expect(try command.link(settings, now: now, log: log).hasPrefix("\(start)rooms/a?invite="))
  }

  @Test func `the link is one of https where the station speaks https, because a microphone needs that`() throws {
    let beside = settings {
      $0.endpoints.makesCertificate = true
      $0.endpoints.tlsPort = 8443
    }
    _ = try InviteKey.make(beside, log: log)
    let command = try InviteCommand(room: "a", role: nil, expires: nil)
    #expect(try command.link(beside, now: now, log: log).hasPrefix("https://127.0.0.1:8443/"))
    #expect(
      try command.link(settings { $0.endpoints.makesCertificate = true }, now: now, log: log)
        .hasPrefix("https://127.0.0.1:8080/"))
    let free = settings {
      $0.endpoints.makesCertificate = true
      $0.endpoints.tlsPort = 0
    }
    let unknown = #expect(throws: InvalidInput.self) { try command.link(free, now: now, log: log) }
    #expect(unknown?.description == "tls-port 0: an invite needs the port that other machines reach")
  }

  @Test func `an allowed host is the name by which others come, and no link names all addresses`() throws {
    let all = settings { $0.endpoints.host = "0.0.0.0" }
    _ = try InviteKey.make(all, log: log)
    let command = try InviteCommand(room: "a", role: nil, expires: nil)
    let host = HostName.ofThisMachine
    #expect(try command.link(all, now: now, log: log).hasPrefix("http://\(host):8080/"))
    var named = all
    let isAllowed = named.access.allow(host: "radio.example")
    #expect(isAllowed)
    #expect(try command.link(named, now: now, log: log).hasPrefix("http://radio.example:8080/"))
  }

  @Test func `without a key or a port there is no link`() throws {
    let command = try InviteCommand(room: "a", role: nil, expires: nil)
    let missing = #expect(throws: InvalidInput.self) { try command.link(settings(), now: now, log: log) }
    #expect(
      missing?.description
        == "invite-key-file \(temporary.path)/invite-key: there is no such file yet: the first start with rooms makes it"
    )
    _ = try InviteKey.make(settings(), log: log)
    let unknown = #expect(throws: InvalidInput.self) {
      try command.link(settings { $0.endpoints.port = 0 }, now: now, log: log)
    }
    #expect(unknown?.description == "port 0: an invite needs the port that other machines reach")
  }
}
