import Testing

@testable import CommandLineInterface
@testable import Live

@Suite struct StreamSectionTests {
  private func settings(_ file: String, _ arguments: [String] = []) throws -> StationSettings {
    guard case .run(let settings) = try Options.parse(arguments + ["--config", "a.conf"], read: { _ in file }) else {
      throw InvalidInput("the command line", nil, "it must ask for a run")
    }
    return settings
  }

  @Test func `without a section there is one stream of the name live`() throws {
    #expect(try settings("source = tone").streams.map(\.name.text) == ["live"])
  }

  @Test func `a section begins a stream, and what stands before the first one holds for all`() throws {
    let file = """
      port = 80
      bitrate = 64
      ring-size = 20
      # The hall.
      [stream hall]
      source = tone
      ring-size = 30
        [ stream  studio-2 ]
      source = file:a.wav
      loop
      bitrate = 320
      """
    let settings = try settings(file)
    #expect(settings.endpoints.port == 80)
    #expect(settings.streams.map(\.name.text) == ["hall", "studio-2"])
    #expect(settings.streams.map(\.source) == [.tone, .file(path: "a.wav")])
    #expect(settings.streams.map(\.ringSize) == [30, 20])
    #expect(settings.streams.map(\.bitrate) == [64, 320])
    #expect(settings.streams.map(\.loops) == [false, true])
  }

  @Test func `the command line wins, for every stream`() throws {
    let file = "[stream a]\nbitrate = 64\n[stream b]\nbitrate = 96"
    let settings = try settings(file, ["--bitrate", "32", "--sound-dir", "ring", "--port", "1"])
    #expect(settings.streams.map(\.bitrate) == [32, 32])
    #expect(settings.streams.map(\.soundDirectory) == ["ring", "ring"])
    #expect(settings.endpoints.port == 1)
  }

  @Test(arguments: [
    (
      "[stream a]\nport = 80",
      "a.conf:2: port: it is a setting of the whole station, and must stand before the first section"
    ),
    (
      "[stream a]\nexit-at-end",
      "a.conf:2: exit-at-end: it is a setting of the whole station, and must stand before the first section"
    ),
    ("[stream a]\nring-size = 2", "a.conf:2: ring-size 2: it must be a whole number from 3 to 10000"),
    ("\n[stream]", "a.conf:2: [stream]: there is no such section; a section is [stream NAME] or [rooms]"),
    ("[stream a b]", "a.conf:1: [stream a b]: there is no such section; a section is [stream NAME] or [rooms]"),
    ("[stream a", "a.conf:1: [stream a: there is no such section; a section is [stream NAME] or [rooms]"),
    ("[hall]", "a.conf:1: [hall]: there is no such section; a section is [stream NAME] or [rooms]"),
    (
      "[stream Hall]",
      "a.conf:1: stream Hall: its name must be 1 to 64 of a to z, 0 to 9, - and _, and begin with a letter or a digit"
    ),
    (
      "[stream a-ll]", "a.conf:1: stream a-ll: its name must not end in -ll, the mark of low-latency playlists"
    ),
    ("[stream a]\n\n[stream a]", "a.conf:3: stream a: its name must be its own, and is taken at a.conf:1"),
    ("[stream a]\nlist-devices", "a.conf:2: list-devices: it belongs on the command line"),
    ("[stream a]\nsource = tone\nloop\n[stream b]", "stream a: --loop: it needs --source file:PATH"),
    ("[stream a]\nsource = tone\nloop", "--loop: it needs --source file:PATH"),
    (
      "[stream a]\nsource = stdin\n[stream b]\nsource = stdin",
      "stream b: --source stdin: only one stream can read it, and a does already"
    ),
  ])
  func `a mistake names the file's line, or the stream, and the rule`(file: String, message: String) {
    #expect((#expect(throws: InvalidInput.self) { try settings(file) })?.asTyped == message)
  }

  @Test func `a reserved word is refused with the words`() {
    let message = (#expect(throws: InvalidInput.self) { try settings("[stream status]") })?.asTyped
    #expect(
      message?.hasPrefix("a.conf:1: stream status: its name must be none of the program's own: admin, api,") == true)
  }

  @Test func `a file with sections can be checked without a run`() throws {
    let options = try Options.parse(["--check-config", "--config=x"]) { _ in "[stream a]\n[stream b]" }
    guard case .check = options else { return #expect(Bool(false)) }
  }
}
