import Glibc
import HTTP
import Logging
import System
import Testing

@testable import Live

/// What `--check-config` finds. A user who is root has every right, so that the rights themselves are tested from outside.
@Suite struct StationCheckTests {
  private let temporary = TemporaryFolder()

  /// Settings with which a start succeeds.
  private func settings(_ change: (inout StationSettings) -> Void = { _ in }) throws -> StationSettings {
    try Folder("\(temporary.path)/web").create()
    try Folder("\(temporary.path)/web").replace("index.html", Array("<p>".utf8))
    var settings = StationSettings()
    settings.streams[0].source = .tone
    settings.streams[0].soundDirectory = "\(temporary.path)/sound"
    settings.endpoints.webDirectory = "\(temporary.path)/web"
    settings.endpoints.port = 0
    change(&settings)
    return settings
  }

  private func check(_ settings: StationSettings) -> StationCheck {
    var check = StationCheck(settings, log: Log(level: .error))
    check.checkInputs()
    check.checkFiles()
    return check
  }

  @Test func `settings with which a start succeeds have no fault, and nothing is made`() throws {
    let check = check(try settings())
    #expect(check.faults == [] && check.notes == [])
    #expect(access("\(temporary.path)/sound", F_OK) != 0)
  }

  @Test func `each thing that is missing is a fault of its own, in one line`() throws {
    let check = check(
      try settings {
        $0.endpoints.webDirectory = "/nowhere/web"
        ($0.endpoints.tlsCertificate, $0.endpoints.tlsKey) = ("/nowhere/c.pem", "/nowhere/k.pem")
        $0.access.listenTokenFile = "/nowhere/tokens"
        $0.operators.tokenFile = "/nowhere/admin"
        $0.streams[0].source = .file(path: "/nowhere/a.wav")
        $0.streams[0].fallbacks = [.file(path: "/nowhere/b.wav")]
        $0.logging.accessLog = "/nowhere/access.log"
        $0.endpoints.host = "192.0.2.1"
      })
    let starts = [
      "web-dir /nowhere/web: ", "listen-token-file /nowhere/tokens: No such file",
      "admin-token-file /nowhere/admin: No such file", "tls-cert /nowhere/c.pem: No such file",
      "this machine has no address 192.0.2.1", "source /nowhere/a.wav: ", "fallback /nowhere/b.wav: ",
      "access-log /nowhere/access.log: ",
    ]
    #expect(check.faults.count == starts.count)
    for (fault, start) in zip(check.faults, starts) {
      #expect(fault.hasPrefix(start) && !fault.contains("\n"), "\(fault)")
    }
  }

  @Test func `a relay whose file of the password is missing is a fault, and so is a file of another form`() throws {
    func faults(_ path: String) throws -> [String] {
      check(
        try settings {
          $0.streams[0].source = .relay(try! RelayURL("https://radio.example/live"))
          $0.streams[0].sourcePasswordFile = path
        }
      ).faults
    }
    try Folder(temporary.path).replace("right", Array("anna:geheim\n".utf8))
    try Folder(temporary.path).replace("wrong", Array("geheim\n".utf8))
    #expect(try faults("\(temporary.path)/right") == [])
    #expect(
      try faults("\(temporary.path)/wrong") == [
        "source-password-file \(temporary.path)/wrong: for a relay, it must have one line USER:PASSWORD"
      ])
    #expect(try faults("/nowhere/password").first?.hasPrefix("source-password-file /nowhere/password: ") == true)
  }

  @Test func `a key that belongs to another certificate is a fault`() throws {
    let folder = Folder(temporary.path)
    try folder.replace("c.pem", Array("no certificate".utf8))
    try folder.replace("k.pem", Array("no key".utf8))
    let path = temporary.path
    let check = check(
      try settings { ($0.endpoints.tlsCertificate, $0.endpoints.tlsKey) = ("\(path)/c.pem", "\(path)/k.pem") })
    #expect(check.faults.count == 1 && check.faults[0].contains("it must be a chain of certificates in PEM"))
  }

  @Test func `a broken key of the station's own is a fault, and a missing one is none`() throws {
    let own = try settings {
      $0.endpoints.makesCertificate = true
      $0.endpoints.tlsPort = 0
      $0.streams[0].soundDirectory = temporary.path
    }
    #expect(check(own).faults == [])
    #expect(access("\(temporary.path)/tls-key.pem", F_OK) != 0)
    try Folder(temporary.path).replace("tls-key.pem", Array("no key".utf8))
    let (faults, path) = (check(own).faults, "\(temporary.path)/tls-key.pem")
    #expect(faults.count == 1 && faults[0].hasPrefix("tls-self \(path): it must be a private key"))
  }

  @Test func `the port for https is checked like the other`() throws {
    let socket = try ListenSocket(host: "127.0.0.1", port: 0)
    defer { socket.close() }
    let check = check(
      try settings {
        $0.endpoints.makesCertificate = true
        $0.endpoints.tlsPort = socket.port
      })
    #expect(check.faults == [] && check.notes.count == 1)
  }

  @Test func `a folder in whose place is a file is a fault`() throws {
    try Folder(temporary.path).replace("sound", [])
    let faults = check(try settings()).faults
    #expect(faults.count == 1 && faults[0].hasPrefix("sound-dir \(temporary.path)/sound/live: "))
    #expect(faults.first?.contains("Not a directory") == true)
  }

  @Test func `an address in use is a note, because the station that runs may use it`() throws {
    let socket = try ListenSocket(host: "127.0.0.1", port: 0)
    defer { socket.close() }
    let check = check(
      try settings {
        $0.endpoints.port = socket.port
        $0.operators.port = 0
      })
    #expect(check.faults == [])
    #expect(check.notes.count == 1 && check.notes[0].hasPrefix("port \(socket.port) on 127.0.0.1 is taken"))
  }

  @Test func `a fault of one of several streams names the stream`() throws {
    let check = check(
      try settings {
        $0.streams.append($0.streams[0])
        $0.streams[1].name = StreamName(valid: "hall")!
        $0.streams[1].source = .file(path: "/nowhere/a.wav")
      })
    #expect(check.faults.count == 1 && check.faults[0].hasPrefix("stream hall: source /nowhere/a.wav: "))
  }

  @Test func `a configuration file with a token that every user may write is a fault`() throws {
    try Folder(temporary.path).replace("a.conf", Array("listen-token = open-sesame".utf8))
    let path = "\(temporary.path)/a.conf"
    chmod(path, 0o666)
    let settings = try settings { $0.configurationWithSecrets = path }
    #expect(
      check(settings).faults == ["--config \(path): every user may write this file; chmod o-w \(path) forbids it"])
    chmod(path, 0o640)
    #expect(check(settings).faults == [])
  }
}
