import Audio
import HLS
import HTTP
import Logging
import System
import Testing

@testable import Live

/// The mounts of a station whose streams change.
@Suite struct SourceClientsTests {
  private let temporary = TemporaryFolder()

  private func settings(_ names: String..., change: (inout StreamSettings) -> Void = { _ in }) throws -> StationSettings
  {
    let folder = Folder(temporary.path)
    for name in names + ["other"] { try folder.replace(name, Array("secret\n".utf8)) }
    var settings = StationSettings()
    settings.streams = try names.map { name in
      var stream = StreamSettings()
      stream.name = try StreamName(name)
      (stream.source, stream.sourcePasswordFile) = (.icecast, "\(temporary.path)/\(name)")
      change(&stream)
      return stream
    }
    return settings
  }

  private func clients(_ settings: StationSettings) throws -> SourceClients {
    try SourceClients(settings, log: Log(level: .error))
  }

  /// The status of the answer to a client that shows no password.
  private func status(_ clients: SourceClients, _ name: String) throws -> Int? {
    let request = Request(method: .put, path: "/\(name)", headers: [])
    guard case .respond(let response) = clients.reply(to: request, for: try #require(SourcePath(request))) else {
      return nil
    }
    return response.status
  }

  @Test func `a mount stays as long as its settings do, whatever else the stream changes`() throws {
    let clients = try clients(settings("a"))
    let a = try StreamName("a")
    let mount = try #require(clients.mount(of: a))
    let same = try settings("a") {
      $0.bitrate = 64
      try? $0.identity.set(name: "A")
    }
    #expect(try clients.mounts(for: same)[a] === mount)
    let changes: [(inout StreamSettings) -> Void] = [
      { $0.sampleRate = 44_100 }, { $0.channels = 1 }, { $0.allowsTakeover = true },
      { [path = temporary.path] in $0.sourcePasswordFile = "\(path)/other" },
    ]
    for change in changes {
      let other = try #require(try clients.mounts(for: settings("a", change: change))[a])
      #expect(other !== mount)
    }
    let tone = try settings("a") {
      ($0.source, $0.sourcePasswordFile) = (.tone, nil)
    }
    #expect(try clients.mounts(for: tone)[a] == nil)
    #expect(clients.mount(of: a) === mount)
  }

  @Test func `passwords that cannot be read change nothing, those of a mount that stays too`() throws {
    let clients = try clients(settings("a"))
    let both = try settings("a", "b")
    let folder = Folder(temporary.path)
    for name in ["a", "b"] {
      try folder.replace(name, [])
      #expect(throws: InvalidInput.self) { try clients.mounts(for: both) }
      try folder.replace(name, Array("secret\n".utf8))
    }
    #expect(try clients.mounts(for: both).count == 2)
    #expect(clients.streams == [try StreamName("a")])
  }

  @Test func `a mount that is added takes clients, and one that is removed is not known any more`() throws {
    let clients = try clients(settings("a"))
    let b = try StreamName("b")
    #expect(try status(clients, "b") == 404)
    let mount = try clients.mounts(for: settings("a", "b"))[b]
    clients.replaceMount(of: b, by: mount)
    #expect(try status(clients, "b") == 401)
    #expect(clients.mount(of: b) === mount && clients.streams.count == 2)
    clients.replaceMount(of: b, by: nil)
    #expect(try status(clients, "b") == 404)
    #expect(clients.streams == [try StreamName("a")])
  }

  @Test func `source clients are answered from the first mount on`() throws {
    let clients = try clients(StationSettings())
    #expect(!clients.areExpected)
    let a = try StreamName("a")
    clients.replaceMount(of: a, by: try clients.mounts(for: settings("a"))[a])
    #expect(clients.areExpected)
    clients.replaceMount(of: a, by: nil)
    #expect(try clients.areExpected && status(clients, "a") == 404)
  }

  @Test func `a mount that comes while the station stops takes no clients`() throws {
    let clients = try clients(settings("a"))
    let b = try StreamName("b")
    let mount = try #require(try clients.mounts(for: settings("a", "b"))[b])
    mount.attach(titles: NowPlayingMailbox(), events: .none)
    clients.stop()
    clients.replaceMount(of: b, by: mount)
    let client = SourceClient(Request(method: .put, path: "/b", headers: []), user: "a", format: .mp3, at: .now)
    #expect(mount.admit(SourceConnection(client, to: mount))?.status == 403)
  }
}
