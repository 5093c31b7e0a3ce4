import Testing

@testable import CommandLineInterface
@testable import Live

@Suite struct StreamFlagsTests {
  private func settings(_ arguments: [String], file: String? = nil) throws -> StationSettings {
    let config = file == nil ? [] : ["--config", "a.conf"]
    guard case .run(let settings) = try Options.parse(config + arguments, read: { _ in file ?? "" }) else {
      throw InvalidInput("the command line", nil, "it must ask for a run")
    }
    return settings
  }

  @Test func `a flag begins a stream, and the flags behind it are that stream's`() throws {
    let settings = try settings([
      "--port", "80", "--bitrate", "64", "--ring-size=20", "--stream", "hall", "--source", "tone", "--ring-size", "30",
      "--stream=studio-2", "--source=file:a.wav", "--loop", "--bitrate", "320",
    ])
    #expect(settings.endpoints.port == 80)
    #expect(settings.streams.map(\.name.text) == ["hall", "studio-2"])
    #expect(settings.streams.map(\.source) == [.tone, .file(path: "a.wav")])
    #expect(settings.streams.map(\.ringSize) == [30, 20])
    #expect(settings.streams.map(\.bitrate) == [64, 320])
    #expect(settings.streams.map(\.loops) == [false, true])
  }

  @Test func `without the flag there is one stream of the name live`() throws {
    #expect(try settings(["--source", "tone"]).streams.map(\.name) == [.live])
  }

  @Test func `a stream of the file takes the flags behind its name, and the file's other streams stay`() throws {
    let file = "bitrate = 64\n[stream a]\nsource = tone\nring-size = 30\n[stream b]\nsource = tone"
    let settings = try settings(
      ["--burst", "1", "--stream", "a", "--ring-size", "40", "--stream", "c", "--source", "tone"], file: file)
    #expect(settings.streams.map(\.name.text) == ["a", "b", "c"])
    #expect(settings.streams.map(\.ringSize) == [40, 10, 10])
    #expect(settings.streams.map(\.bitrate) == [64, 64, 64])
    #expect(settings.streams.map(\.burst) == [.seconds(1), .seconds(1), .seconds(1)])
  }

  @Test func `a name before the first stream is the station's, and one behind a stream that stream's`() throws {
    let given = try settings([
      "--name", "Radio Example", "--genre", "Jazz", "--stream", "a", "--name", "The Hall", "--stream", "b",
    ])
    #expect((given.identity.name, given.identity.genre) == ("Radio Example", "Jazz"))
    #expect(given.streams.map(\.identity.name) == ["The Hall", nil])
    #expect(given.streams.map(\.identity.genre) == [nil, nil])
    let file = try settings([], file: "name = Radio Example\n[stream a]\nname = \"The Hall\"\n[stream b]")
    #expect((file.identity.name, file.streams.map(\.identity.name)) == ("Radio Example", ["The Hall", nil]))
  }

  @Test func `a token behind a stream takes the place of the tokens that the file has for that stream`() throws {
    let file = "[stream a]\nlisten-token = old-sesame\nlisten-token-file = old\n[stream b]\nlisten-token = b-sesame"
    func tokens(_ arguments: [String]) throws -> [String?] {
      try settings(arguments, file: file).streams.flatMap { [$0.listenToken?.text, $0.listenTokenFile] }
    }
    #expect(try tokens([]) == ["old-sesame", "old", "b-sesame", nil])
    #expect(try tokens(["--stream", "a", "--listen-token-file", "new"]) == [nil, "new", "b-sesame", nil])
    #expect(try tokens(["--stream", "a", "--listen-token", "new-sesame"]) == ["new-sesame", nil, "b-sesame", nil])
    #expect(
      try tokens(["--stream", "a", "--listen-token", "new-sesame", "--listen-token-file", "new"])
        == ["new-sesame", "new", "b-sesame", nil])
    #expect(try tokens(["--stream", "a", "--bitrate", "64"]) == ["old-sesame", "old", "b-sesame", nil])
  }

  @Test func `a token before the first stream is the station's, and the tokens of a stream stay`() throws {
    let settings = try settings(
      ["--listen-token", "station-sesame", "--stream", "b"], file: "[stream a]\nlisten-token = own-sesame")
    #expect(settings.access.listenToken?.text == "station-sesame")
    #expect(settings.streams.map(\.listenToken?.text) == ["own-sesame", nil])
  }

  @Test(arguments: [
    (
      ["--stream", "Hall"],
      "--stream Hall: its name must be 1 to 64 of a to z, 0 to 9, - and _, and begin with a letter"
    ),
    (["--stream", "a", "--stream", "a"], "--stream a: its name must be its own, and another --stream has it"),
    (["--stream"], "--stream: it needs a value, NAME"),
    (
      ["--stream", "a", "--port", "80"],
      "--port: it is a setting of the whole station, and must stand before the first --stream"
    ),
    (
      ["--stream", "a", "--rooms"],
      "--rooms: it is a setting of the whole station, and must stand before the first --stream"
    ),
    (["--stream", "a", "--ring-size", "2"], "--stream a: --ring-size 2: it must be a whole number from 3 to 10000"),
    (
      ["--stream", "a", "--source", "tone", "--loop", "--stream", "b"], "stream a: --loop: it needs --source file:PATH"
    ),
    (["--name", ""], "--name : it must have 1 to 200 bytes of UTF-8, without line breaks and control characters"),
    (["--stream", "a", "--genre", "a\nb"], "--stream a: --genre a\nb: it must have 1 to 200 bytes of UTF-8"),
    (
      ["--homepage", "javascript:alert(1)"], "--homepage javascript:alert(1): it must be a URL that begins with http://"
    ),
  ])
  func `a mistake names the flag and the rule`(arguments: [String], message: String) {
    let error = (#expect(throws: InvalidInput.self) { try settings(arguments) })?.asTyped
    #expect(error?.hasPrefix(message) == true, "\(error ?? "")")
  }

  @Test func `a setting named stream is refused in a file with the line that begins one`() {
    let error = #expect(throws: InvalidInput.self) { try settings([], file: "stream = hall") }
    #expect(error?.asTyped == "a.conf:1: stream: a line [stream NAME] begins a stream")
  }

  @Test func `flags of the command line alone may stand behind a stream`() throws {
    guard case .check = try Options.parse(["--stream", "a", "--check-config"], read: { _ in "" }) else {
      return #expect(Bool(false))
    }
  }
}
