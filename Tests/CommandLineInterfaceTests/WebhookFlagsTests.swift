import Testing

@testable import CommandLineInterface
@testable import Live

@Suite struct WebhookFlagsTests {
  private func settings(_ arguments: [String], file: String? = nil) throws -> StationSettings {
    let arguments = arguments + (file == nil ? [] : ["--config", "a.conf"])
    guard case .run(let settings) = try Options.parse(arguments, read: { _ in file ?? "" }) else {
      throw InvalidInput("the command line", nil, "it must ask for a run")
    }
    return settings
  }

  private func receivers(_ arguments: [String], file: String? = nil) throws -> [String] {
    try settings(arguments, file: file).webhooks.receivers.map { "\($0.url.text) \($0.format)" }
  }

  private func refusal(_ arguments: [String], file: String? = nil) -> String? {
    (#expect(throws: InvalidInput.self) { try settings(arguments, file: file) })?.asTyped
  }

  private let url = "https://a.example/secret"

  @Test func `a format belongs to the webhook before it`() throws {
    let arguments = ["--webhook", url, "--webhook", "http://b.example/t", "--webhook-format", "ntfy"]
    #expect(try receivers(arguments) == ["\(url) json", "http://b.example/t ntfy"])
    // Also where the flags hold for several streams.
    let file = "webhook = https://c.example/x\nwebhook-format = slack\n[stream live]\n[stream hall]"
    #expect(
      try receivers(arguments, file: file) == ["https://c.example/x slack", "\(url) json", "http://b.example/t ntfy"])
    #expect(try receivers([]) == [])
  }

  @Test func `a webhook that is named again has the format that is named last`() throws {
    #expect(
      try receivers(
        ["--webhook", url, "--webhook-format", "slack"], file: "webhook = \(url)\nwebhook-format = discord")
        == ["\(url) slack"])
  }

  @Test func `no message repeats a URL`() {
    #expect(
      refusal(["--webhook", "ftp://a.example/secret"])
        == "--webhook …: it must be http:// or https://, a host, perhaps a port, and perhaps a path, without a user or a #"
    )
    #expect(
      refusal(["--webhook", url + "/x", "--webhook-format", "ntfy"])
        == """
        --webhook-format ntfy: the URL of https://a.example must be https://HOST/TOPIC, and the topic has 1 to 64 letters, \
        digits, _ and -
        """)
  }

  @Test func `a configuration file with a URL is one with a secret`() throws {
    #expect(try settings([], file: "webhook = \(url)").configurationWithSecrets == "a.conf")
  }

  @Test func `a format and a secret need a webhook`() {
    #expect(refusal(["--webhook-format", "json"]) == "--webhook-format json: it must stand behind a --webhook URL")
    #expect(
      refusal(["--webhook", url, "--webhook-format", "xml"])
        == "--webhook-format xml: it must be json, discord, slack or ntfy")
    #expect(refusal(["--webhook-secret-file", "/x"]) == "--webhook-secret-file /x: it needs --webhook URL")
  }

  @Test func `there are 16 webhooks at the most`() throws {
    let arguments = (1...16).flatMap { ["--webhook", "https://a.example/\($0)"] }
    #expect(try receivers(arguments).count == 16)
    #expect(refusal(arguments + ["--webhook", url]) == "--webhook …: there may be at most 16 of them")
    #expect(try receivers(arguments + ["--webhook", "https://a.example/1"]).count == 16)
  }
}
