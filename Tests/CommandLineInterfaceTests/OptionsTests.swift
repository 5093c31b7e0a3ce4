import Audio
import Logging
import System
import Testing

@testable import CommandLineInterface
@testable import Live

@Suite struct OptionsTests {
  private func settings(_ arguments: [String], file: String = "") throws -> StationSettings {
    guard case .run(let settings) = try Options.parse(arguments, read: { _ in file }) else {
      throw InvalidInput("the command line", nil, "it must ask for a run")
    }
    return settings
  }

  /// The only stream of a command line.
  private func stream(_ arguments: [String], file: String = "") throws -> StreamSettings {
    let streams = try settings(arguments, file: file).streams
    try #require(streams.count == 1)
    return streams[0]
  }

  /// The message that a command line is refused with.
  private func refusal(_ arguments: [String], file: String = "") -> String? {
    (#expect(throws: InvalidInput.self) { try settings(arguments, file: file) })?.asTyped
  }

  @Test func `without flags everything has its default`() throws {
    let (stream, endpoints) = (try stream([]), try settings([]).endpoints)
    #expect(stream.name == .live && stream.source == .automatic)
    #expect(stream.segmentLength == .seconds(2) && stream.ringSize == 10)
    #expect(stream.bitrate == 128 && stream.blockSize == 480)
    #expect(endpoints.host == "127.0.0.1" && endpoints.port == 8080)
    #expect(stream.sampleRate == nil && stream.channels == nil)
    #expect(endpoints.maxListeners == 20_000 && endpoints.maxPerAddress == 1000)
    #expect(stream.burst == .seconds(2) && stream.maxLag == .seconds(10))
    #expect(endpoints.headerTimeout == .seconds(10) && endpoints.idleTimeout == .seconds(60))
    #expect(endpoints.threads == 2)
  }

  @Test func `the number of the listeners' threads can be set`() throws {
    #expect(try settings(["--threads", "1"]).endpoints.threads == 1)
    #expect(try settings(["--config", "ringcast.conf"], file: "threads = 64").endpoints.threads == 64)
  }

  @Test func `a value follows a space or an equals sign, and the last of two wins`() throws {
    let settings = try settings([
      "--port", "80", "--port=0", "--source=file:a=b.wav", "--loop", "--segment-length", "0.77", "--log-level=debug",
    ])
    #expect(settings.endpoints.port == 0)
    #expect(settings.streams[0].source == .file(path: "a=b.wav") && settings.streams[0].loops)
    #expect(settings.streams[0].segmentLength == .milliseconds(770))
    #expect(settings.logging.level == .debug)
  }

  @Test func `what grows is sent on with each part at least, unless told otherwise`() throws {
    #expect(try stream([]).chunkLength == .milliseconds(120))
    #expect(try stream(["--part-length", "0.1"]).chunkLength == .milliseconds(100))
    #expect(try stream(["--chunk-length", "0.096", "--part-length", "0.1"]).chunkLength == .milliseconds(96))
    #expect(throws: (any Error).self) { try settings(["--chunk-length", "0.2", "--part-length", "0.1"]).check() }
  }

  @Test func `a listener that wants every frame gets each frame, unless a flag says otherwise`() throws {
    #expect(try stream([]).promptChunkLength == .milliseconds(24))
    #expect(try stream(["--chunk-length", "0.02"]).promptChunkLength == .milliseconds(20))
    #expect(try stream(["--prompt-chunk", "0.12"]).promptChunkLength == .milliseconds(120))
    try settings(["--prompt-chunk", "0.12"]).check()
    #expect(throws: (any Error).self) { try settings(["--prompt-chunk", "0.121"]).check() }
  }

  @Test(arguments: [
    ("auto", StreamSettings.SourceChoice.automatic), ("alsa", .alsa(device: "default")),
    ("alsa:hw:CARD=Device,DEV=0", .alsa(device: "hw:CARD=Device,DEV=0")), ("file:/a b.wav", .file(path: "/a b.wav")),
    ("stdin", .standardInput), ("tone", .tone),
  ])
  func `every kind of source is named`(value: String, source: StreamSettings.SourceChoice) throws {
    #expect(try stream(["--source", value]).source == source)
  }

  @Test func `another stream, a relay and a device may be the source and the fallback`() throws {
    let hall = try StreamName("hall")
    let url = try RelayURL("https://radio.example/live")
    #expect(try stream(["--source", "stream:hall"]).source == .stream(hall))
    #expect(try stream(["--source", "https://radio.example/live"]).source == .relay(url))
    let flags = ["stream:hall", "https://radio.example/live", "alsa", "alsa:hw:1", "tone"].flatMap {
      ["--fallback", $0]
    }
    #expect(
      try stream(flags).fallbacks == [
        .stream(hall), .relay(url), .alsa(device: "default"), .alsa(device: "hw:1"), .tone,
      ])
  }

  @Test(arguments: [
    ["--source", "stream:"], ["--source", "stream:Hall"], ["--fallback", "stdin"], ["--fallback", "icecast"],
    ["--fallback", "room:show"], ["--source", "http://"], ["--fallback", "https://radio.example/live.m3u8"],
    ["--source", "tone", "--source-password-file", "x"],
  ])
  func `no other source is one of these`(flags: [String]) {
    #expect(throws: (any Error).self) { try settings(flags).check() }
  }

  @Test func `the secrets of a URL are not repeated`() {
    let error = #expect(throws: InvalidInput.self) {
      try settings(["--source", "http://anna:geheim@radio.example/live?token=secret"])
    }
    #expect(error?.value == "http://…@radio.example/live?…")
  }

  @Test func `raw sound and the channels to play are said apart from the stream's`() throws {
    let flags = [
      "--source", "stdin", "--raw-format", "f32le", "--raw-rate", "96000", "--raw-channels", "8", "--input-channels",
      "5,6",
    ]
    let stream = try stream(flags)
    try settings(flags).check()
    #expect(stream.raw.layout?.format == .float32 && stream.raw.sampleRate == 96_000 && stream.raw.channels == 8)
    #expect(stream.inputChannels == [5, 6])
    #expect(try self.stream(["--input-channels", "2"]).inputChannels == [2])
  }

  @Test func `a room is a source with the fallback under its voices`() throws {
    let flags = ["--source", "room:show", "--fallback", "tone", "--rooms"]
    let stream = try stream(flags)
    try settings(flags).check()
    #expect(stream.source == .room("show") && stream.underVoice == .duck)
    #expect(try self.stream(flags + ["--under-voice", "off"]).underVoice == .off)
  }

  @Test func `what is heard in place of the source is named like a source`() throws {
    let stream = try stream([
      "--source=stdin", "--fallback", "file:a b.wav", "--silence-alarm", "30", "--on-silence", "fallback",
    ])
    #expect(stream.fallbacks == [.file(path: "a b.wav")])
    #expect(stream.silenceAlarm == .seconds(30) && stream.replacesSilence)
    #expect(try self.stream(["--fallback", "tone"]).fallbacks == [.tone])
    #expect(
      try self.stream(["--fallback", "file:a", "--fallback", "tone"]).fallbacks == [.file(path: "a"), .tone])
    #expect(
      try self.stream(["--fallback", "file:a", "--fallback", "silence", "--fallback", "tone"]).fallbacks == [.tone])
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
    (
      ["--source", "mic"],
      "--source mic: it must be auto, alsa, alsa:DEVICE, file:PATH, stdin, tone, icecast, room:NAME, http(s)://... or "
        + "stream:NAME"
    ),
    (
      ["--source", "file:"],
      "--source file:: it must be auto, alsa, alsa:DEVICE, file:PATH, stdin, tone, icecast, room:NAME, http(s)://... or "
        + "stream:NAME"
    ),
    (
      ["--source", "room:Big hall", "--rooms"],
      "--source room:Big hall: a room's name has 1 to 64 of a to z, 0 to 9, - and _, begins with a letter or a digit, "
        + "and is not index, list or room"
    ),
    (
      ["--source", "room:show"],
      "--source room:show: it needs --rooms, or a section [rooms] in the configuration file"
    ),
    (["--under-voice", "loud"], "--under-voice loud: it must be duck or off"),
    (
      ["--under-voice", "off", "--fallback", "tone"],
      "--under-voice off: it needs --source room:NAME"
    ),
    (
      ["--under-voice", "off", "--source", "room:show", "--rooms"],
      "--under-voice off: it needs --fallback SOUND"
    ),
    (
      ["--input-channels", "2", "--source", "room:show", "--rooms"],
      "--input-channels: it needs --source auto, alsa, file:PATH or stdin"
    ),
    (
      ["--fallback", "file:"],
      "--fallback file:: it must be silence, tone, file:PATH, alsa:DEVICE, http(s)://... or stream:NAME"
    ),
    (
      ["--fallback", "stdin"],
      "--fallback stdin: it must be silence, tone, file:PATH, alsa:DEVICE, http(s)://... or stream:NAME"
    ),
    (
      ["--fallback", "tone", "--source", "tone"],
      "--fallback: it needs a source that may fail, which is every --source but tone, or --on-silence fallback"
    ),
    (
      ["--raw-format", "s16"],
      "--raw-format s16: it must be u8, s8, s16le, s24le, s32le, f32le, f64le, s16be, s24be, s32be, f32be, f64be, mulaw "
        + "or alaw"
    ),
    (["--raw-rate", "4000"], "--raw-rate 4000: it must be a whole number from 8000 to 192000"),
    (["--raw-channels", "0"], "--raw-channels 0: it must be a whole number from 1 to 64"),
    (["--raw-rate", "44100"], "--raw-rate: it needs sound without a header, --source stdin or file:PATH"),
    (
      ["--input-channels", "5,5"],
      "--input-channels 5,5: it must be one channel or two different ones, from 1 to 64, such as 5,6"
    ),
    (
      ["--input-channels", "1,2,3"],
      "--input-channels 1,2,3: it must be one channel or two different ones, from 1 to 64, such as 5,6"
    ),
    (
      ["--input-channels", "2", "--source", "tone"],
      "--input-channels: it needs --source auto, alsa, file:PATH or stdin"
    ),
    (
      ["--exit-at-end", "--source", "file:a.wav", "--loop"],
      "--exit-at-end: it needs a source that ends, --source stdin, or file:PATH without --loop"
    ),
    (["--silence-alarm", "0"], "--silence-alarm 0: it must be a whole number from 1 to 86400"),
    (["--on-silence", "stop"], "--on-silence stop: it must be keep or fallback"),
    (
      ["--on-silence", "fallback", "--fallback", "tone"],
      "--on-silence fallback: it needs --silence-alarm SECONDS"
    ),
    (
      ["--on-silence", "fallback", "--silence-alarm", "5"],
      "--on-silence fallback: it needs --fallback SOUND"
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
    (["--icy-encoding", "utf8"], "--icy-encoding utf8: it must be utf-8 or latin1"),
    (["--max-listeners", "0"], "--max-listeners 0: it must be a whole number from 1 to 1000000"),
    (["--max-per-address=-1"], "--max-per-address -1: it must be a whole number from 0 to 1000000"),
    (["--header-timeout", "0"], "--header-timeout 0: it must be a whole number from 1 to 3600"),
    (["--idle-timeout", "1e3"], "--idle-timeout 1e3: it must be a whole number from 1 to 3600"),
    (["--threads", "0"], "--threads 0: it must be a whole number from 1 to 64"),
    (["--threads", "65"], "--threads 65: it must be a whole number from 1 to 64"),
    (["--request-memory", "1000"], "--request-memory 1000: it must be a whole number from 4096 to 65536"),
    (["--host", ""], "--host : it must not be empty"),
    (["--host", "[localhost]"], "--host [localhost]: only an IPv6 address stands in brackets"),
    (
      ["--sound-dir=~/sound"],
      "--sound-dir ~/sound: it must not begin with ~, which only a shell replaces; write the whole path, or ./~ for a file"
        + " named so"
    ),
    (
      ["--config=~/ringcast.conf"],
      "--config ~/ringcast.conf: it must not begin with ~, which only a shell replaces; write the whole path, or ./~ for a"
        + " file named so"
    ),
    (
      ["--source=file:~/a.wav"],
      "--source file:~/a.wav: it must not begin with ~, which only a shell replaces; write the whole path, or ./~ for a"
        + " file named so"
    ),
    (
      ["--fallback", "file:~/a.wav"],
      "--fallback file:~/a.wav: it must not begin with ~, which only a shell replaces; write the whole path, or ./~ for a"
        + " file named so"
    ),
    (["--tls-cert", "c.pem"], "--tls-cert c.pem: it needs --tls-key PATH"),
    (["--tls-key", "k.pem"], "--tls-key k.pem: it needs --tls-cert PATH"),
    (["--tls-port", "8443"], "--tls-port 8443: it needs --tls-cert PATH or --tls-self"),
    (["--tls-self", "--tls-port", "8080"], "--tls-port 8080: it must differ from --port"),
    (["--tls-self", "--tls-port", "65536"], "--tls-port 65536: it must be a whole number from 0 to 65535"),
    (
      ["--tls-self", "--tls-cert", "c.pem", "--tls-key", "k.pem"],
      "--tls-self: it must not stand beside --tls-cert, which names another certificate"
    ),
    (
      ["--tls-self", "--tls-port", "8443", "--admin-port", "8443"],
      "--admin-port 8443: it must differ from --tls-port"
    ),
    // A token is not repeated: what is told of a mistake is kept in logs.
    (["--listen-token", "secret"], "--listen-token …: it must be 8 to 128 letters, digits, - . _ or ~"),
    (["--listen-token", "it's secret"], "--listen-token …: it must be 8 to 128 letters, digits, - . _ or ~"),
    (["--admin-token", "secret"], "--admin-token …: it must be 8 to 128 letters, digits, - . _ or ~"),
    (["--trusted-proxy", "proxy.example"], "--trusted-proxy proxy.example: it must be an IP address, without a port"),
    (["--trusted-proxy", "127.0.0.1:80"], "--trusted-proxy 127.0.0.1:80: it must be an IP address, without a port"),
    (["--admin-host", "::1"], "--admin-host ::1: it needs --admin-port PORT"),
    (["--admin-port", "8080"], "--admin-port 8080: it must differ from --port"),
    (["--log-level", "loud"], "--log-level loud: it must be error, warning, info or debug"),
    (["--log-format", "xml"], "--log-format xml: it must be human, json or auto"),
  ])
  func `a mistake names the flag, the value and the rule`(arguments: [String], message: String) {
    #expect(refusal(arguments) == message)
  }

  @Test func `a configuration file has a flag a line, and the command line wins`() throws {
    let file = "# a church\n\n  port = 80\nsource=file:a = b.wav\nloop\r\nring-size =20"
    let settings = try settings(["--port=81", "--config", "ringcast.conf"], file: file)
    #expect(settings.endpoints.port == 81 && settings.streams[0].ringSize == 20)
    #expect(settings.streams[0].source == .file(path: "a = b.wav") && settings.streams[0].loops)
  }

  @Test(arguments: [
    ("\nport = 99999", "a.conf:2: port 99999: it must be a whole number from 0 to 65535"),
    ("prot = 80", "a.conf:1: prot: there is no such option (did you mean port?)"),
    ("--port = 80", "a.conf:1: --port: there is no such option (did you mean port?)"),
    ("port", "a.conf:1: port: it needs a value, port = PORT"),
    ("loop = yes", "a.conf:1: loop = yes: it takes no value"),
    ("version", "a.conf:1: version: it belongs on the command line"),
    ("loop", "--loop: it needs --source file:PATH"),
    (
      "\u{FEFF}port = 80",
      "a.conf:1: U+FEFF: the file begins with a byte order mark; save the file as UTF-8 without one"
    ),
    (
      "host = \"::1", "a.conf:1: host: its value must end with the quotation mark with which the value begins"
    ),
    (
      "host = '::1' # only here",
      "a.conf:1: host: its value must end with the quotation mark with which the value begins"
    ),
    ("\nhost = \"\"", "a.conf:2: host : it must not be empty"),
  ])
  func `a mistake in a file names its line too`(file: String, message: String) {
    #expect(refusal(["--config", "a.conf"], file: file) == message)
  }

  @Test func `a line of a configuration ends where editors show its end`() {
    #expect(
      refusal(["--config", "c.conf"], file: "port = 80\n# welcome\u{2028}host = 0.0.0.0\n")
        == "c.conf:2: U+2028: a line ends with LF or CRLF, and has no other control character")
    #expect(refusal(["--config", "c.conf"], file: "# a\rport = 80")?.hasPrefix("c.conf:1: U+000D: ") == true)
    #expect(
      refusal(["--config", "c.conf"], file: "\u{FEFF}port = 80\n")
        == "c.conf:1: U+FEFF: the file begins with a byte order mark; save the file as UTF-8 without one")
  }

  @Test(arguments: [("\"0.0.0.0\"", "0.0.0.0"), ("'::'", "::"), ("\"it's\"", "it's"), ("a\"b\"", "a\"b\"")])
  func `a value of a file may stand in quotation marks`(value: String, host: String) throws {
    #expect(try settings(["--config", "a.conf"], file: "host = \(value)").endpoints.host == host)
  }

  @Test func `an IPv6 address may stand in brackets, as in a URL`() throws {
    let settings = try settings(["--host", "[::1]", "--admin-host=[fd00::5]", "--admin-port", "9090"])
    #expect(settings.endpoints.host == "::1" && settings.operators.host == "fd00::5")
  }

  @Test func `https may stand beside http, with a certificate of the station's own`() throws {
    let endpoints = try settings(["--tls-self", "--tls-port", "8443"]).endpoints
    #expect(endpoints.makesCertificate && endpoints.tlsPort == 8443 && endpoints.port == 8080)
  }

  @Test func `titles are UTF-8 unless a stream has old radios`() throws {
    let file = "[stream live]\n[stream hall]\nicy-encoding = latin1"
    #expect(try settings(["--config", "a.conf"], file: file).streams.map(\.icyEncoding) == [.utf8, .latin1])
  }

  @Test func `a configuration can be checked without a run`() throws {
    let options = try Options.parse(["--check-config", "--config=x"]) { _ in "port = 1" }
    guard case .check(let settings) = options else { return #expect(Bool(false)) }
    #expect(settings.endpoints.port == 1)
    #expect(throws: InvalidInput.self) { try Options.parse(["--check-config", "--config=x"]) { _ in "port = x" } }
  }

  @Test func `a configuration file that holds a token is remembered`() throws {
    func holder(_ file: String) throws -> String? {
      try settings(["--config", "a.conf"], file: file).configurationWithSecrets
    }
    #expect(try holder("port = 80\nlisten-token = open-sesame") == "a.conf")
    #expect(try holder("admin-token = open-sesame") == "a.conf")
    #expect(try holder("listen-token-file = tokens") == nil)
  }

  @Test func `proxies are trusted by their addresses`() throws {
    let settings = try settings(["--trusted-proxy", "127.0.0.1", "--trusted-proxy=2001:db8::1"])
    var access = AccessSettings()
    for address in ["2001:db8:0::1", "127.0.0.1"] where !access.trust(proxy: address) { Issue.record("\(address)") }
    #expect(settings.access.trustedProxies == access.trustedProxies)
  }

  @Test func `a file that cannot be read is refused with its path and the reason`() {
    let error = #expect(throws: InvalidInput.self) {
      try Options.parse(["--config=x.conf"]) { (_) throws(InvalidInput.Rule) in
        throw InvalidInput.Rule("No such file or directory (open)")
      }
    }
    #expect(error?.asTyped == "--config x.conf: No such file or directory (open)")
  }

  @Test func `every setting has a flag of its name`() {
    for key in SettingKey.allCases { #expect(Flag.named(key.rawValue) != nil, "\(key.rawValue)") }
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

  @Test func `the document of the flags shows them as the help does`() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let document = try Folder("/" + root).read("docs/flags.md")
    let flags = try #require(Help.text.split(separator: "\n\n", maxSplits: 2).last)
    #expect(String(decoding: document, as: UTF8.self).contains(flags))
  }
}
