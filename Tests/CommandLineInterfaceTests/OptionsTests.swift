import Logging
import System
import Testing

@testable import CommandLineInterface
@testable import Live

@Suite struct OptionsTests {
  private func configuration(_ arguments: [String], file: String = "") throws -> Configuration {
    guard case .run(let configuration) = try Options.parse(arguments, read: { _ in file }) else {
      throw Options.Mistake("it does not run")
    }
    return configuration
  }

  @Test func `without flags everything has its default`() throws {
    let configuration = try configuration([])
    #expect(configuration.source == .automatic)
    #expect(configuration.segmentLength == 2_000_000 && configuration.ringSize == 10)
    #expect(configuration.bitrate == 128 && configuration.blockSize == 480)
    #expect(configuration.host == "127.0.0.1" && configuration.port == 8080)
    #expect(configuration.sampleRate == nil && configuration.channels == nil)
    #expect(configuration.maxListeners == 20_000 && configuration.maxPerAddress == 1000)
    #expect(configuration.burst == 2_000_000 && configuration.maxLag == 10_000_000)
    #expect(configuration.headerTimeout == 10 && configuration.idleTimeout == 60)
  }

  @Test func `a value follows a space or an equals sign, and the last of two wins`() throws {
    let configuration = try configuration([
      "--port", "80", "--port=0", "--source=file:a=b.wav", "--loop", "--segment-length", "0.77", "--log-level=debug",
    ])
    #expect(configuration.port == 0)
    #expect(configuration.source == .file(path: "a=b.wav") && configuration.loops)
    #expect(configuration.segmentLength == 770_000)
    #expect(configuration.logLevel == .debug)
  }

  @Test func `what grows is sent on with each part at least, unless told otherwise`() throws {
    #expect(try configuration([]).chunkLength == 120_000)
    #expect(try configuration(["--part-length", "0.1"]).chunkLength == 100_000)
    #expect(try configuration(["--chunk-length", "0.096", "--part-length", "0.1"]).chunkLength == 96_000)
    #expect(throws: (any Error).self) { try configuration(["--chunk-length", "0.2", "--part-length", "0.1"]).check() }
  }

  @Test func `who wants it promptly gets each frame, unless told otherwise`() throws {
    #expect(try configuration([]).promptChunkLength == 24_000)
    #expect(try configuration(["--chunk-length", "0.02"]).promptChunkLength == 20_000)
    #expect(try configuration(["--prompt-chunk", "0.12"]).promptChunkLength == 120_000)
    try configuration(["--prompt-chunk", "0.12"]).check()
    #expect(throws: (any Error).self) { try configuration(["--prompt-chunk", "0.121"]).check() }
  }

  @Test(arguments: [
    ("auto", Configuration.SourceChoice.automatic), ("alsa", .alsa(device: "default")),
    ("alsa:hw:CARD=Device,DEV=0", .alsa(device: "hw:CARD=Device,DEV=0")), ("file:/a b.wav", .file(path: "/a b.wav")),
    ("stdin", .standardInput), ("tone", .tone),
  ])
  func `every kind of source is named`(value: String, source: Configuration.SourceChoice) throws {
    #expect(try configuration(["--source", value]).source == source)
  }

  @Test func `what is heard in place of the source is named like a source`() throws {
    let configuration = try configuration([
      "--source=stdin", "--fallback", "file:a b.wav", "--silence-alarm", "30", "--on-silence", "fallback",
    ])
    #expect(configuration.fallback == .file(path: "a b.wav"))
    #expect(configuration.silenceAlarm == 30 && configuration.replacesSilence)
    #expect(try self.configuration(["--fallback", "tone"]).fallback == .tone)
  }

  @Test(arguments: [
    (["--port", "65536"], "--port 65536: it must be a whole number from 0 to 65535"),
    (["--port=-1"], "--port -1: it must be a whole number from 0 to 65535"),
    (["--port="], "--port : it must be a whole number from 0 to 65535"),
    (["--port"], "--port: it needs a value, PORT"),
    (["--prot", "1"], "--prot: there is no such option (did you mean --port?); see --help"),
    (["--frobnicate"], "--frobnicate: there is no such option; see --help"),
    (["live"], "live: unexpected; every option begins with --, see --help"),
    (["-p", "1"], "-p: unexpected; every option begins with --, see --help"),
    (["--loop=yes"], "--loop=yes: it takes no value"),
    (["--loop"], "--loop: it needs --source file:PATH"),
    (["--source", "mic"], "--source mic: it must be auto, alsa, alsa:DEVICE, file:PATH, stdin or tone"),
    (["--source", "file:"], "--source file:: it must be auto, alsa, alsa:DEVICE, file:PATH, stdin or tone"),
    (["--fallback", "file:"], "--fallback file:: it must be silence, tone or file:PATH"),
    (["--fallback", "stdin"], "--fallback stdin: it must be silence, tone or file:PATH"),
    (
      ["--fallback", "tone", "--source", "stdin"],
      "--fallback: it needs a capture device, --source auto or alsa, or --on-silence fallback"
    ),
    (["--silence-alarm", "0"], "--silence-alarm 0: it must be a whole number from 1 to 86400"),
    (["--on-silence", "stop"], "--on-silence stop: it must be keep or fallback"),
    (
      ["--on-silence", "fallback", "--fallback", "tone"],
      "--on-silence fallback: it needs --silence-alarm SECONDS"
    ),
    (
      ["--on-silence", "fallback", "--silence-alarm", "5"],
      "--on-silence fallback: it needs --fallback file:PATH or tone"
    ),
    (["--sample-rate", "22050"], "--sample-rate 22050: it must be 32000, 44100 or 48000"),
    (["--channels", "3"], "--channels 3: it must be 1 or 2"),
    (
      ["--bitrate", "100"],
      "--bitrate 100: it must be 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320"
    ),
    (["--block-size", "16"], "--block-size 16: it must be a whole number from 32 to 8192"),
    (
      ["--segment-length", "0.4"],
      "--segment-length 0.4: it must be a decimal number from 0.5 to 30, with six decimals at most"
    ),
    (
      ["--segment-length", "1e1"],
      "--segment-length 1e1: it must be a decimal number from 0.5 to 30, with six decimals at most"
    ),
    (["--ring-size", "2"], "--ring-size 2: it must be a whole number from 3 to 10000"),
    (
      ["--ring-size", "3", "--segment-length", "2.6"],
      "--ring-size 3: with --segment-length 2.6 at 48000 Hz it must be at least 4: a playlist holds at least 3 target"
        + " durations, here 3 × 3 s (RFC 8216 §6.2.2)"
    ),
    (["--burst", "11"], "--burst 11: it must be a decimal number from 0 to 10, with six decimals at most"),
    (["--max-lag", "0"], "--max-lag 0: it must be a decimal number from 1 to 60, with six decimals at most"),
    (["--max-listeners", "0"], "--max-listeners 0: it must be a whole number from 1 to 1000000"),
    (["--max-per-address=-1"], "--max-per-address -1: it must be a whole number from 0 to 1000000"),
    (["--header-timeout", "0"], "--header-timeout 0: it must be a whole number from 1 to 3600"),
    (["--idle-timeout", "1e3"], "--idle-timeout 1e3: it must be a whole number from 1 to 3600"),
    (["--request-memory", "1000"], "--request-memory 1000: it must be a whole number from 4096 to 65536"),
    (["--host", ""], "--host : it must not be empty"),
    (["--tls-cert", "c.pem"], "--tls-cert c.pem: it needs --tls-key PATH"),
    (["--tls-key", "k.pem"], "--tls-key k.pem: it needs --tls-cert PATH"),
    // A token is not repeated: what is told of a mistake is kept in logs.
    (["--listen-token", "secret"], "--listen-token …: it must be 8 to 128 letters, digits, - . _ or ~"),
    (["--listen-token", "it's secret"], "--listen-token …: it must be 8 to 128 letters, digits, - . _ or ~"),
    (["--admin-token", "secret"], "--admin-token …: it must be 8 to 128 letters, digits, - . _ or ~"),
    (["--admin-host", "::1"], "--admin-host ::1: it needs --admin-port PORT"),
    (["--admin-port", "8080"], "--admin-port 8080: it must differ from --port"),
    (["--log-level", "loud"], "--log-level loud: it must be error, warning, info or debug"),
    (["--log-format", "xml"], "--log-format xml: it must be human, json or auto"),
  ])
  func `a mistake names the flag, the value and the rule`(arguments: [String], message: String) {
    #expect(throws: Options.Mistake(message)) { try configuration(arguments) }
  }

  @Test func `a configuration file has a flag a line, and the command line wins`() throws {
    let file = "# a church\n\n  port = 80\nsource=file:a = b.wav\nloop\r\nring-size =20"
    let configuration = try configuration(["--port=81", "--config", "ringcast.conf"], file: file)
    #expect(configuration.port == 81 && configuration.ringSize == 20)
    #expect(configuration.source == .file(path: "a = b.wav") && configuration.loops)
  }

  @Test(arguments: [
    ("\nport = 99999", "a.conf:2: port 99999: it must be a whole number from 0 to 65535"),
    ("prot = 80", "a.conf:1: prot: there is no such option (did you mean port?)"),
    ("--port = 80", "a.conf:1: --port: there is no such option (did you mean port?)"),
    ("port", "a.conf:1: port: it needs a value, port = PORT"),
    ("loop = yes", "a.conf:1: loop = yes: it takes no value"),
    ("version", "a.conf:1: version: it belongs on the command line"),
    ("loop", "--loop: it needs --source file:PATH"),
  ])
  func `a mistake in a file names its line too`(file: String, message: String) {
    #expect(throws: Options.Mistake(message)) { try configuration(["--config", "a.conf"], file: file) }
  }

  @Test func `a configuration can be checked without a run`() throws {
    let options = try Options.parse(["--check-config", "--config=x"]) { _ in "port = 1" }
    guard case .checked = options else { return #expect(Bool(false)) }
    #expect(throws: Options.Mistake.self) { try Options.parse(["--check-config", "--config=x"]) { _ in "port = x" } }
  }

  @Test func `the manual and the completion name every flag`() {
    for flag in Flag.all {
      #expect(Manual.text.contains("\\fB\\-\\-\(flag.name.replacing("-", with: "\\-"))\\fR"))
      #expect(Completion.text.contains("--\(flag.name)"))
    }
  }

  @Test func `help, version and the list of devices come before what else is asked for`() throws {
    guard case .help = try parse(["--version", "--help"]) else { return #expect(Bool(false)) }
    guard case .version = try parse(["--version", "--ring-size", "3"]) else { return #expect(Bool(false)) }
    guard case .listDevices = try parse(["--list-devices"]) else { return #expect(Bool(false)) }
  }

  private func parse(_ arguments: [String]) throws -> Options { try Options.parse(arguments) { _ in "" } }

  @Test func `the help names every flag, within the width of a terminal of 120 columns`() {
    for flag in Flag.all { #expect(Help.text.contains("--\(flag.name)")) }
    #expect(Help.text.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test func `the README shows the flags as the help does`() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let readme = try Folder("/" + root).read("README.md")
    let flags = try #require(Help.text.split(separator: "\n\n", maxSplits: 2).last)
    #expect(String(decoding: readme, as: UTF8.self).contains(flags))
  }
}
