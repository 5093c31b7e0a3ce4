import HTTP
import Testing

@testable import Live

@Suite struct OperatorAdmissionTests {
  private func admission(
    _ token: String? = nil, at door: Door = .listeners, isLocal: Bool = false
  ) throws -> OperatorAdmission {
    var configuration = Configuration()
    configuration.adminToken = token.flatMap { Token($0) }
    return OperatorAdmission(try OperatorAdmission.tokens(configuration), at: door, isLocal: isLocal)
  }

  private func request(_ headers: (String, String)...) -> Request {
    Request(method: .get, path: "/status", headers: headers.map { (name: $0.0, value: $0.1) })
  }

  private let welcome = OperatorAdmission.Verdict.welcome(Admission.Pass())
  private let local = ("Host", "localhost:8080")

  @Test func `with a port of their own it is nowhere else, and open there`() throws {
    let admission = try admission(at: .operators)
    #expect(admission.verdict(for: request(local), through: .listeners) == .refused(.absent))
    #expect(admission.verdictForPage(for: request(local), through: .listeners) == .refused(.absent))
    #expect(admission.verdict(for: request(("Host", "radio.example")), through: .operators) == welcome)
  }

  @Test func `where a token is set it is needed at either door, and the page asks for it`() throws {
    let authorized = request(("Authorization", "Bearer open-sesame"))
    for door in [Door.listeners, .operators] {
      let admission = try admission("open-sesame", at: door, isLocal: true)
      #expect(admission.verdict(for: request(local), through: door) == .refused(.tokenNeeded))
      let listener = request(("Cookie", "ringcast=open-sesame"))
      #expect(admission.verdict(for: listener, through: door) == .refused(.tokenNeeded))
      #expect(admission.verdict(for: authorized, through: door) == welcome)
      #expect(admission.verdict(for: request(("Cookie", "ringcast-admin=open-sesame")), through: door) == welcome)
      #expect(admission.verdict(for: authorized, through: door, changes: true) == welcome)
      #expect(admission.verdict(for: request(local), through: door, changes: true) == .refused(.tokenNeeded))
      #expect(admission.verdictForPage(for: request(local), through: door) == welcome)
    }
    let admission = try admission("open-sesame", at: .operators)
    #expect(admission.verdict(for: authorized, through: .listeners) == .refused(.absent))
  }

  @Test func `without a port and a token nobody is let in where others reach the server`() throws {
    let admission = try admission()
    #expect(admission.verdict(for: request(local), through: .listeners) == .refused(.closed))
    #expect(admission.verdictForPage(for: request(local), through: .listeners) == .refused(.closed))
  }

  @Test(arguments: ["localhost", "LocalHost:8080", "127.0.0.1:80", "127.1.2.3", "[::1]:8080", "[::1]"])
  func `where only this machine reaches it, who asks it straight is let in`(host: String) throws {
    for door in [Door.listeners, .operators] {
      #expect(try admission(at: door, isLocal: true).verdict(for: request(("Host", host)), through: door) == welcome)
    }
  }

  @Test(arguments: [
    [("Host", "radio.example")], [("Host", "127.0.0.1.radio.example")], [("Host", "localhost.radio.example:8080")],
    [("Host", "128.0.0.1")], [("Host", "127.0.0.1.2")], [("Host", "")], [],
    [("Host", "localhost"), ("X-Forwarded-For", "192.0.2.1")], [("Host", "localhost"), ("Via", "1.1 edge")],
    [("Host", "localhost"), ("Forwarded", "for=192.0.2.1")],
  ])
  func `but not by another name, and not through a proxy`(headers: [(String, String)]) throws {
    let request = Request(method: .get, path: "/status", headers: headers.map { (name: $0.0, value: $0.1) })
    for door in [Door.listeners, .operators] {
      #expect(try admission(at: door, isLocal: true).verdict(for: request, through: door) == .refused(.closed))
    }
  }

  @Test(arguments: [
    (Door.listeners, Door.listeners, OperatorAdmission.Refusal.unchangeable), (.operators, .operators, .unchangeable),
    (.operators, .listeners, .absent),
  ])
  func `nothing is changed without a token`(own: Door, door: Door, refusal: OperatorAdmission.Refusal) throws {
    let admission = try admission(at: own, isLocal: true)
    #expect(admission.verdict(for: request(local), through: door, changes: true) == .refused(refusal))
  }

  @Test(arguments: [
    (OperatorAdmission.Refusal.tokenNeeded, 401, "token"), (.closed, 403, "--admin-port"),
    (.unchangeable, 403, "--admin-token"),
  ])
  func `a refusal names the way in, and no other site's page can read it`(
    refusal: OperatorAdmission.Refusal, status: Int, word: String
  ) {
    #expect(refusal.response.status == status)
    #expect(String(decoding: refusal.response.content, as: UTF8.self).contains(word))
    #expect(refusal.response.header("Access-Control-Allow-Origin") == nil)
  }
}
