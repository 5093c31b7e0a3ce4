import HTTP
import Testing

@testable import Live

@Suite struct OriginGateTests {
  private func configuration(hosts: [String] = [], origins: [String] = []) -> StationSettings {
    var configuration = StationSettings()
    for host in hosts where !configuration.access.allow(host: host) { Issue.record("\(host) is refused") }
    for origin in origins where !configuration.access.allow(origin: origin) { Issue.record("\(origin) is refused") }
    return configuration
  }

  private func gate(hosts: [String] = [], origins: [String] = []) -> OriginGate {
    OriginGate(listeners: configuration(hosts: hosts, origins: origins), isPrivate: true)
  }

  private func request(_ headers: (String, String)..., method: Request.Method = .get) -> Request {
    Request(method: method, path: "/live.mp3", headers: headers.map { (name: $0.0, value: $0.1) })
  }

  private let local = ("Host", "localhost:8080")
  private let spelling: SettingSpelling = { "--\($0.rawValue)" }

  @Test(arguments: ["localhost", "LocalHost:8080", "127.0.0.1:80", "127.1.2.3", "[::1]:8080", "[::1]"])
  func `a private port answers requests for this machine`(host: String) {
    #expect(gate().refusal(of: request(("Host", host))) == nil)
  }

  @Test(arguments: [
    ("radio.example", "radio.example"), ("127.0.0.1.radio.example:80", "127.0.0.1.radio.example"),
    ("192.168.1.5:8080", "192.168.1.5"), ("0.0.0.0", "0.0.0.0"), ("localhost.", "localhost."),
  ])
  func `a private port refuses requests for another host, and names the host`(host: String, name: String) {
    let refusal = gate().refusal(of: request(("Host", host)))
    #expect(refusal == .host(name))
    let text = String(decoding: refusal?.response(spelling).content ?? [], as: UTF8.self)
    #expect(text.contains("--allow-host \(name)") && text.split(separator: "\n").count == 1)
    #expect(
      refusal?.response(spelling).status == 403
        && refusal?.response(spelling).header("Access-Control-Allow-Origin") == nil)
  }

  @Test func `a refusal does not repeat a host that is none`() {
    for host in ["<b>x</b>", "", "a b"] {
      #expect(gate().refusal(of: request(("Host", host))) == .host(nil))
    }
    #expect(String(decoding: OriginGate.Refusal.host(nil).response(spelling).content, as: UTF8.self).contains("NAME"))
  }

  @Test func `a private stream is there for an old player that names no host, and the operators' port is not`() {
    #expect(gate().refusal(of: request()) == nil)
    #expect(gate().refusal(of: request(("Origin", "https://evil.example"))) == .origin("https://evil.example"))
    #expect(OriginGate(operators: configuration(), isLocal: true).refusal(of: request()) == .host(nil))
  }

  @Test func `an allowed host is let in, whatever the case of its letters, and another is not`() {
    let gate = gate(hosts: ["Radio.Example", "192.168.1.5", "fe80::1"])
    for host in ["radio.example", "RADIO.example:443", "192.168.1.5:8080", "[fe80::1]:80", "localhost"] {
      #expect(gate.refusal(of: request(("Host", host))) == nil)
    }
    #expect(gate.refusal(of: request(("Host", "other.example"))) == .host("other.example"))
  }

  @Test func `a host is named without a port, and an origin with a scheme`() {
    var configuration = StationSettings()
    for host in ["", "radio.example:80", "http://radio.example", "a b", "[::1]:80", "*"] {
      let isAllowed = configuration.access.allow(host: host)
      #expect(!isAllowed)
    }
    for origin in ["", "radio.example", "https://radio.example/", "null", "ws://radio.example"] {
      let isAllowed = configuration.access.allow(origin: origin)
      #expect(!isAllowed)
    }
  }

  @Test(arguments: [
    [], [("Origin", "http://localhost:8080")], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")],
    [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")],
  ])
  func `a private port answers its own pages, other programs, and a person who follows a link`(
    fields: [(String, String)]
  ) {
    let headers = ([local] + fields).map { (name: $0.0, value: $0.1) }
    #expect(gate().refusal(of: Request(method: .get, path: "/live.mp3", headers: headers)) == nil)
  }

  @Test(arguments: [
    [("Origin", "https://evil.example")], [("Origin", "null")], [("Origin", "http://localhost:8081")],
    [("Origin", "http://localhost")], [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
    [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")],
    [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "audio")],
    [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "none")],
  ])
  func `a private port refuses pages of other origins`(fields: [(String, String)]) {
    let headers = ([local] + fields).map { (name: $0.0, value: $0.1) }
    for method in [Request.Method.get, .options, .put] {
      let refusal = gate().refusal(of: Request(method: method, path: "/live.mp3", headers: headers))
      guard case .origin = refusal else {
        Issue.record("\(fields) passed")
        continue
      }
      #expect(
        refusal?.response(spelling).status == 403
          && refusal?.response(spelling).header("Access-Control-Allow-Origin") == nil)
    }
  }

  @Test func `an allowed origin may read, and its preflight is answered`() {
    let gate = gate(origins: ["https://radio.example", "http://club.example:8000"])
    for origin in ["https://radio.example", "http://club.example:8000"] {
      let request = request(local, ("Origin", origin), ("Sec-Fetch-Site", "cross-site"))
      #expect(gate.refusal(of: request) == nil)
      let answer = gate.permitting(Response(status: 200), to: request)
      #expect(answer.header("Access-Control-Allow-Origin") == origin)
    }
    let preflight = request(local, ("Origin", "https://radio.example"), method: .options)
    let answer = gate.permitting(.options, to: preflight)
    #expect(answer.header("Access-Control-Allow-Origin") == "https://radio.example")
    #expect(answer.header("Access-Control-Allow-Headers")?.contains("Range") == true)
    let element = request(local, ("Referer", "https://radio.example/show"), ("Sec-Fetch-Site", "cross-site"))
    #expect(gate.refusal(of: element) == nil)
  }

  @Test func `where some origins are allowed no other may read, and caches are told that answers differ`() {
    let gate = gate(origins: ["https://radio.example"])
    #expect(gate.refusal(of: request(local, ("Origin", "https://evil.example"))) == .origin("https://evil.example"))
    let referred = request(local, ("Referer", "https://evil.example/"), ("Sec-Fetch-Site", "cross-site"))
    #expect(gate.refusal(of: referred) == .origin(nil))
    #expect(gate.headers.map { "\($0.name): \($0.value)" } == ["Vary: Origin"])
    let answer = gate.permitting(Response(status: 200), to: request(local))
    #expect(answer.header("Access-Control-Allow-Origin") == nil)
  }

  @Test func `where every origin is allowed the host is still looked at`() {
    let gate = gate(origins: ["*"])
    #expect(gate.refusal(of: request(local, ("Origin", "https://any.example"))) == nil)
    #expect(gate.permitting(Response(status: 200), to: request(local)).header("Access-Control-Allow-Origin") == "*")
    #expect(gate.refusal(of: request(("Host", "rebound.example"))) == .host("rebound.example"))
  }

  @Test func `a port that is not private is open to every host and origin`() {
    let gate = OriginGate(listeners: configuration(), isPrivate: false)
    let request = request(("Host", "radio.example"), ("Origin", "https://any.example"))
    #expect(gate.refusal(of: request) == nil)
    #expect(gate.permitting(.notFound, to: request).header("Access-Control-Allow-Origin") == "*")
  }

  @Test func `the operators' port answers addresses and configured names, and no other site's page`() {
    let configuration = configuration(hosts: ["ops.example"], origins: ["*"])
    let open = OriginGate(operators: configuration, isLocal: false)
    for host in ["192.0.2.7:9090", "[2001:db8::1]:9090", "localhost", "ops.example"] {
      #expect(open.refusal(of: request(("Host", host))) == nil)
    }
    #expect(open.refusal(of: request(("Host", "evil.example"))) == .host("evil.example"))
    #expect(open.refusal(of: request(("Host", "ops.example"), ("Origin", "https://any.example"))) != nil)
    #expect(open.permitting(.notFound, to: request(local)).header("Access-Control-Allow-Origin") == nil)
    let local = OriginGate(operators: configuration, isLocal: true)
    #expect(local.refusal(of: request(("Host", "192.0.2.7"))) == .host("192.0.2.7"))
    #expect(local.refusal(of: request(("Host", "127.0.0.1:9090"))) == nil)
  }

  @Test func `a page that came without TLS is a page of another site to a port that speaks TLS`() {
    func refusal(_ origin: String, isSecure: Bool) -> OriginGate.Refusal? {
      let headers = [(name: "Host", value: "localhost"), (name: "Origin", value: origin)]
      return gate().refusal(
        of: Request(method: .get, path: "/live.mp3", headers: headers, client: Client(isSecure: isSecure)))
    }
    #expect(refusal("https://localhost", isSecure: true) == nil && refusal("http://localhost", isSecure: false) == nil)
    #expect(refusal("http://localhost", isSecure: true) == .origin("http://localhost"))
    // A proxy speaks TLS, and does not say so.
    #expect(refusal("https://localhost", isSecure: false) == nil)
  }

  @Test func `the name that a port was bound to is configured`() {
    var configuration = StationSettings()
    configuration.endpoints.host = "Studio.Example"
    let gate = OriginGate(listeners: configuration, isPrivate: true)
    #expect(gate.refusal(of: request(("Host", "studio.example:8080"))) == nil)
  }

  @Test(arguments: ["/", "/js/main.js", "/status.html"])
  func `the page's own files are open, and the stream and its figures are not`(path: String) {
    let gates = OriginGates(listeners: gate(), operators: OriginGate(operators: configuration(), isLocal: true))
    let foreign = request(("Host", "rebound.example"))
    #expect(gates.refusal(of: foreign, for: Route(path, isFile: { _ in false }), through: .listeners) == nil)
    #expect(
      gates.refusal(of: foreign, for: Route(path, isFile: { _ in false }), through: .operators)
        == .host("rebound.example"))
    let guarded = ["/live.m3u8", "/live-ll.m3u8", "/live.mp3", "/live.json", "/live/1.mp3", "/live/1.0.mp3"]
    for path in guarded + ["/live/metadata", "/status", "/metrics", "/secure.json", "/studio", "/studio.json"] {
      #expect(
        gates.refusal(of: foreign, for: Route(path, isFile: { _ in false }), through: .listeners)
          == .host("rebound.example"))
    }
  }
}
