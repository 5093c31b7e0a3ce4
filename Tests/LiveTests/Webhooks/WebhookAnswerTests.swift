import Testing

@testable import Live

@Suite struct WebhookAnswerTests {
  @Test(arguments: [200, 201, 202, 204, 299])
  func `an event with a status 2xx is taken`(status: Int) {
    #expect(WebhookAnswer(status: status) == .taken)
  }

  @Test(arguments: [408, 425, 429, 500, 502, 503, 504, 507])
  func `a status that may change is tried again, when the receiver asks for that`(status: Int) {
    #expect(WebhookAnswer(status: status) == .later("status \(status)", after: nil))
    #expect(
      WebhookAnswer(status: status, retryAfter: .seconds(7)) == .later("status \(status)", after: .seconds(7)))
  }

  @Test(arguments: [400, 401, 403, 404, 405, 410, 413])
  func `another status is final`(status: Int) {
    #expect(WebhookAnswer(status: status) == .refused("status \(status)"))
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a redirect is final`(status: Int) {
    #expect(WebhookAnswer(status: status) == .refused("status \(status), a redirect"))
  }
}
