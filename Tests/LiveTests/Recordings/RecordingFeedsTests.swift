import HTTP
import Testing

@testable import Live

@Suite struct RecordingFeedsTests {
  private func feed(host: String?, isSecure: Bool = false) throws -> String {
    let library = RecordingLibrary(crossOrigin: []) {}
    let request = Request(
      method: .get, path: "/recordings/live.rss", headers: host.map { [(name: "Host", value: $0)] } ?? [],
      client: Client(isSecure: isSecure))
    let response = RecordingFeeds(library, Identity()).response(
      to: request, for: try #require(StreamName(valid: "live")), Identity(), isOnly: true, token: nil,
      Audience(caches: .all, crossOrigin: []))
    return String(decoding: response.content, as: UTF8.self)
  }

  @Test(arguments: [(false, "http"), (true, "https")])
  func `the addresses have the host of the request and the scheme of the client`(isSecure: Bool, scheme: String) throws
  {
    let text = try feed(host: "Radio.Example:8443", isSecure: isSecure)
    #expect(text.contains("<link>\(scheme)://radio.example:8443/recordings/</link>"))
    #expect(text.contains("\"\(scheme)://radio.example:8443/icon.png\""))
  }

  @Test(arguments: [nil, "127.0.0.1:8080", "localhost", "a b"])
  func `where the request names no other machine, the addresses are relative`(host: String?) throws {
    let text = try feed(host: host)
    #expect(text.contains("<link>/recordings/</link>") && text.contains("\"/recordings/live.rss\""))
    #expect(!text.contains("127.0.0.1") && !text.contains("localhost"))
  }
}
