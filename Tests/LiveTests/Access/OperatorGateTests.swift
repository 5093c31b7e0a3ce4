import HTTP
import Logging
import Testing

@testable import Live

@Suite struct OperatorGateTests {
  private let log = Log(level: .error)

  /// - Parameter token: that the operator has chosen; nil is a station that made its own, `made-by-itself`.
  private func admission(
    _ token: String? = nil, at door: Endpoint = .listeners, isLocal: Bool = false
  ) throws -> OperatorGate {
    var settings = OperatorSettings()
    settings.token = token.flatMap { Token($0) }
    let chosen = try OperatorGate.tokens(settings, log: log)
    let made = TokenGate(.operators, only: try #require(Token("made-by-itself")), log: log)
    return OperatorGate(chosen ?? made, areChosen: chosen != nil, at: door, port: 9090, isLocal: isLocal)
  }

  private func request(_ headers: (String, String)...) -> Request {
    Request(method: .get, path: "/status", headers: headers.map { (name: $0.0, value: $0.1) })
  }

  private let welcome = OperatorGate.Verdict.welcome(TokenGate.Pass())
  private let local = ("Host", "localhost:8080")

  @Test func `with a port of their own it is nowhere else`() throws {
    let admission = try admission(at: .operators)
    #expect(admission.verdict(for: request(local), through: .listeners) == .refused(.absent))
    #expect(admission.verdictForPage(for: request(local), through: .listeners) == .refused(.absent))
  }

  @Test func `where a token is set it is needed at either door, and the page asks for it`() throws {
    let authorized = request(("Authorization", "Bearer open-sesame"))
    for door in [Endpoint.listeners, .operators] {
      let admission = try admission("open-sesame", at: door, isLocal: true)
      #expect(admission.verdict(for: request(local), through: door) == .refused(.tokenNeeded))
      let listener = request(("Cookie", "ringcast=open-sesame"))
      #expect(admission.verdict(for: listener, through: door) == .refused(.tokenNeeded))
      #expect(admission.verdict(for: authorized, through: door) == welcome)
      for cookie in ["ringcast-admin", "ringcast-admin-9090", "__Host-ringcast-admin-9090"] {
        #expect(admission.verdict(for: request(("Cookie", "\(cookie)=open-sesame")), through: door) == welcome)
      }
      #expect(admission.verdict(for: authorized, through: door, changes: true) == welcome)
      #expect(admission.verdict(for: request(local), through: door, changes: true) == .refused(.tokenNeeded))
      #expect(admission.verdictForPage(for: request(local), through: door) == welcome)
    }
    let admission = try admission("open-sesame", at: .operators)
    #expect(admission.verdict(for: authorized, through: .listeners) == .refused(.absent))
  }

  @Test(arguments: [(Endpoint.listeners, false), (.listeners, true), (.operators, false)])
  func `without a chosen token the station's own is needed`(door: Endpoint, isLocal: Bool) throws {
    let admission = try admission(at: door, isLocal: isLocal)
    #expect(admission.verdict(for: request(local), through: door) == .refused(.tokenNeeded))
    #expect(admission.verdictForPage(for: request(local), through: door) == welcome)
    let authorized = request(local, ("Authorization", "Bearer made-by-itself"))
    #expect(admission.verdict(for: authorized, through: door) == welcome)
    #expect(admission.verdict(for: authorized, through: door, changes: true) == welcome)
  }

  @Test func `at an operators' port that only this machine can reach a request may look without a token`() throws {
    let admission = try admission(at: .operators, isLocal: true)
    #expect(admission.verdict(for: request(local), through: .operators) == welcome)
  }

  @Test(arguments: [("X-Forwarded-For", "192.0.2.1"), ("Via", "1.1 edge"), ("Forwarded", "for=192.0.2.1")])
  func `but not through a proxy`(name: String, value: String) throws {
    let admission = try admission(at: .operators, isLocal: true)
    #expect(admission.verdict(for: request(local, (name, value)), through: .operators) == .refused(.tokenNeeded))
  }

  @Test(arguments: [
    (Endpoint.listeners, Endpoint.listeners, OperatorGate.Refusal.tokenNeeded), (.operators, .operators, .tokenNeeded),
    (.operators, .listeners, .absent),
  ])
  func `nothing is changed without a token`(own: Endpoint, door: Endpoint, refusal: OperatorGate.Refusal) throws {
    let admission = try admission(at: own, isLocal: true)
    #expect(admission.verdict(for: request(local), through: door, changes: true) == .refused(refusal))
  }

  @Test(arguments: [(OperatorGate.Refusal.tokenNeeded, 401, "--admin-token"), (.absent, 404, "not found")])
  func `a refusal names the way in, and no other site's page can read it`(
    refusal: OperatorGate.Refusal, status: Int, word: String
  ) {
    let response = refusal.response { "--\($0.rawValue)" }
    #expect(response.status == status)
    #expect(String(decoding: response.content, as: UTF8.self).contains(word))
    #expect(response.header("Access-Control-Allow-Origin") == nil)
  }
}
