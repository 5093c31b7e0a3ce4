import Core
import Live
import Logging

extension Flag {
  private static let defaults = StreamSettings()
  private static let stationDefaults = StationSettings()

  /// Every flag there is, in the order of `--help`.
  static let all: [Flag] = [
    .stream(
      "source", .source, "SOURCE", "auto, alsa, alsa:DEVICE, file:PATH (WAV), stdin (raw s16le) or tone; default auto"
    ) {
      (value, stream) throws(Rule) in stream.source = try source(value)
    },
    .command("list-devices", .source, nil, "print the capture devices by the names that --source takes, and exit"),
    .stream("loop", .source, nil, "play the file over and over") { _, stream in stream.loops = true },
    .station("exit-at-end", .source, nil, "exit when the input has ended, instead of serving on") { _, station in
      station.exitsAtEnd = true
    },
    .stream(
      "fallback", .source, "SOUND",
      "heard while the capture device is gone: silence, tone or file:PATH (WAV); default silence"
    ) {
      (value, stream) throws(Rule) in stream.fallback = try fallback(value)
    },
    .stream(
      "silence-alarm", .source, "SECONDS", "alarm after so much silence (below -60 dBFS), 1 to 86400; default never"
    ) {
      (value, stream) throws(Rule) in stream.silenceAlarm = .seconds(try integer(value, 1...86_400))
    },
    .stream("on-silence", .source, "ACTION", "after that alarm: keep, or play the fallback; default keep") {
      (value, stream) throws(Rule) in
      guard ["keep", "fallback"].contains(value) else { throw Rule("it must be keep or fallback") }
      stream.replacesSilence = value == "fallback"
    },
    .stream("block-size", .source, "FRAMES", "capture period, 32 to 8192; default \(defaults.blockSize)") {
      (value, stream) throws(Rule) in stream.blockSize = try integer(value, 32...8192)
    },
    .stream(
      "metadata-file", .source, "PATH",
      "what plays: lines title=TEXT and artist=TEXT, or the title alone; read when it changes"
    ) {
      (value, stream) throws(Rule) in stream.metadataFile = try path(value)
    },
    .stream("sample-rate", .encoding, "HZ", "32000, 44100 or 48000; default the source's own, 48000 for stdin") {
      (value, stream) throws(Rule) in stream.sampleRate = try member(value, of: StreamSettings.sampleRates)
    },
    .stream("channels", .encoding, "COUNT", "1 or 2; default the source's own, 2 for stdin") {
      (value, stream) throws(Rule) in stream.channels = try member(value, of: [1, 2])
    },
    .stream(
      "bitrate", .encoding, "KBPS", "a constant bit rate of MPEG-1 Layer III, 32 to 320; default \(defaults.bitrate)"
    ) {
      (value, stream) throws(Rule) in stream.bitrate = try member(value, of: StreamSettings.bitrates)
    },
    .stream(
      "segment-length", .encoding, "SECONDS",
      "0.5 to 30, decimals allowed; default \(defaults.segmentLength.decimalSeconds)"
    ) { (value, stream) throws(Rule) in stream.segmentLength = try seconds(value, 500_000...30_000_000) },
    .stream(
      "part-length", .encoding, "SECONDS",
      "a part of Low-Latency HLS, 0.1 to 5; default \(defaults.partLength.decimalSeconds)"
    ) { (value, stream) throws(Rule) in stream.partLength = try seconds(value, 100_000...5_000_000) },
    .stream(
      "chunk-length", .encoding, "SECONDS",
      "how often a growing segment is sent on, 0.02 to 2; default \(defaults.chunkLength.decimalSeconds), or a part"
    ) { (value, stream) throws(Rule) in
      stream.chosenChunkLength = try seconds(value, 20_000...2_000_000)
    },
    .stream(
      "prompt-chunk", .encoding, "SECONDS",
      "the same for ?prompt (the page, as live as possible), 0.02 to a chunk; default a frame"
    ) { (value, stream) throws(Rule) in
      stream.chosenPromptChunkLength = try seconds(value, 20_000...2_000_000)
    },
    .stream("ring-size", .encoding, "COUNT", "segments in the ring, 3 to 10000; default \(defaults.ringSize)") {
      (value, stream) throws(Rule) in stream.ringSize = try integer(value, 3...10_000)
    },
    .stream("sound-dir", .encoding, "PATH", "where the ring is kept on disk; default \(defaults.soundDirectory)") {
      (value, stream) throws(Rule) in stream.soundDirectory = try path(value)
    },
    .station(
      "host", .server, "ADDRESS",
      "address to listen on; default \(stationDefaults.endpoints.host), this machine only; 0.0.0.0 or :: for every one"
    ) { (value, station) throws(Rule) in station.endpoints.host = try path(value) },
    .station("port", .server, "PORT", "0 to 65535, 0 picks one; default \(stationDefaults.endpoints.port)") {
      (value, station) throws(Rule) in station.endpoints.port = UInt16(try integer(value, 0...65_535))
    },
    .stream(
      "burst", .server, "SECONDS",
      "of sound at once for who opens the endless stream, 0 to 10, a part at least; default "
        + defaults.burst.decimalSeconds
    ) { (value, stream) throws(Rule) in stream.burst = try seconds(value, 0...10_000_000) },
    .stream(
      "max-lag", .server, "SECONDS",
      "who takes less than comes is dropped when so much more is waiting, 1 to 60; default "
        + defaults.maxLag.decimalSeconds
    ) { (value, stream) throws(Rule) in stream.maxLag = try seconds(value, 1_000_000...60_000_000) },
    .station(
      "max-listeners", .server, "COUNT",
      "connections at a time, 1 to 1000000; a page has six at first, then two; default \(stationDefaults.endpoints.maxListeners)"
    ) { (value, station) throws(Rule) in station.endpoints.maxListeners = try integer(value, 1...1_000_000) },
    .station(
      "max-per-address", .server, "COUNT",
      "of these from one address but 127.0.0.1 and ::1; 0 is no limit; default \(stationDefaults.endpoints.maxPerAddress)"
    ) { (value, station) throws(Rule) in
      station.endpoints.maxPerAddress = try integer(value, 0...1_000_000)
    },
    .station(
      "header-timeout", .server, "SECONDS",
      "for a connection's first request to come, 1 to 3600; default \(stationDefaults.endpoints.headerTimeout.decimalSeconds)"
    ) { (value, station) throws(Rule) in station.endpoints.headerTimeout = .seconds(try integer(value, 1...3600)) },
    .station(
      "idle-timeout", .server, "SECONDS",
      "for the next one, and for an answer besides its time at 32 kbit/s, 1 to 3600; default \(stationDefaults.endpoints.idleTimeout.decimalSeconds)"
    ) { (value, station) throws(Rule) in station.endpoints.idleTimeout = .seconds(try integer(value, 1...3600)) },
    .station(
      "request-memory", .server, "BYTES",
      "a connection, for a request's head and its answer's, 4096 to 65536; default \(stationDefaults.endpoints.requestMemory)"
    ) { (value, station) throws(Rule) in
      station.endpoints.requestMemory = try integer(value, 4096...65_536)
    },
    .station("web-dir", .server, "PATH", "where the page's files are; default web, or where they were installed") {
      (value, station) throws(Rule) in station.endpoints.webDirectory = try path(value)
    },
    .station("tls-cert", .server, "PATH", "speak https, and nothing else, with this chain of certificates (PEM)") {
      (value, station) throws(Rule) in station.endpoints.tlsCertificate = try path(value)
    },
    .station("tls-key", .server, "PATH", "and this private key (PEM); both are read again on SIGHUP") {
      (value, station) throws(Rule) in station.endpoints.tlsKey = try path(value)
    },
    .station(
      "listen-token", .server, "TOKEN", "who listens must show it; 8 to 128 letters, digits, - . _ ~; ps shows it, too",
      isSecret: true
    ) { (value, station) throws(Rule) in
      station.access.listenToken = try token(value)
    },
    .station(
      "listen-token-file", .server, "PATH",
      "the same from a file: a token a line, # begins a comment; read again on SIGHUP"
    ) { (value, station) throws(Rule) in station.access.listenTokenFile = try path(value) },
    .station(
      "allow-host", .server, "NAME",
      "answer requests for this host name on a port that only this machine can reach; may be repeated"
    ) { (value, station) throws(Rule) in
      guard station.access.allow(host: value) else { throw Rule("it must be a host name or an address, without a port") }
    },
    .station(
      "allow-origin", .server, "ORIGIN",
      "let pages of this origin, as https://NAME, read a private stream; * is every origin; may be repeated"
    ) { (value, station) throws(Rule) in
      guard station.access.allow(origin: value) else {
        throw Rule("it must be * or http:// or https://, a host, and a port or none")
      }
    },
    .station("user", .server, "NAME", "become this user once the port is bound and the key read; for root only") {
      (value, station) throws(Rule) in station.user = try path(value)
    },
    .station("admin-port", .operators, "PORT", "/status, and what else is theirs, on a port of its own; 0 picks one") {
      (value, station) throws(Rule) in station.operators.port = UInt16(try integer(value, 0...65_535))
    },
    .station("admin-host", .operators, "ADDRESS", "the address of that port; default 127.0.0.1, this machine only") {
      (value, station) throws(Rule) in station.operators.host = try path(value)
    },
    .station(
      "admin-token", .operators, "TOKEN", "who operates must show it; as --listen-token; ps shows it, too",
      isSecret: true
    ) { (value, station) throws(Rule) in
      station.operators.token = try token(value)
    },
    .station("admin-token-file", .operators, "PATH", "the same from a file, as --listen-token-file; read again on SIGHUP") {
      (value, station) throws(Rule) in station.operators.tokenFile = try path(value)
    },
    .station("log-level", .other, "LEVEL", "error, warning, info or debug; default \(stationDefaults.logging.level)") {
      (value, station) throws(Rule) in
      guard let level = Log.Level.allCases.first(where: { "\($0)" == value }) else {
        throw Rule("it must be \(list(Log.Level.allCases.map { "\($0)" }))")
      }
      station.logging.level = level
    },
    .station(
      "log-format", .other, "FORMAT",
      "human, json (an object a line), or auto: as journald wants it, else human; default \(stationDefaults.logging.format)"
    ) {
      (value, station) throws(Rule) in
      guard let format = LogFormat.Choice(rawValue: value) else {
        throw Rule("it must be \(list(LogFormat.Choice.allCases.map(\.rawValue)))")
      }
      station.logging.format = format
    },
    .station(
      "access-log", .other, "PATH",
      "a line an answer, in the common log format; - is standard output; opened anew on SIGHUP"
    ) { (value, station) throws(Rule) in station.logging.accessLog = try path(value) },
    .command("config", .other, "PATH", "read settings from a file: a flag a line without its dashes, as in port = 80"),
    .command("check-config", .other, nil, "say what is wrong with the settings, or nothing, and exit"),
    .command("manual", .other, nil, "print the manual page, and exit"),
    .command("completion", .other, nil, "print the completion for bash, and exit"),
    .command("help", .other, nil, "print this, and exit"),
    .command("version", .other, nil, "print the version, and exit"),
  ]

  private static func source(_ value: String) throws(Rule) -> StreamSettings.SourceChoice {
    func rest(after prefix: String) -> String? {
      value.hasPrefix(prefix) && value.utf8.count > prefix.utf8.count ? String(value.dropFirst(prefix.count)) : nil
    }
    switch value {
    case "auto": return .automatic
    case "alsa": return .alsa(device: "default")
    case "stdin": return .standardInput
    case "tone": return .tone
    default:
      if let device = rest(after: "alsa:") { return .alsa(device: device) }
      if let path = rest(after: "file:") { return .file(path: path) }
      throw Rule("it must be auto, alsa, alsa:DEVICE, file:PATH, stdin or tone")
    }
  }

  private static func fallback(_ value: String) throws(Rule) -> StreamSettings.FallbackChoice {
    switch value {
    case "silence": return .silence
    case "tone": return .tone
    default:
      guard case .file(let path)? = try? source(value) else { throw Rule("it must be silence, tone or file:PATH") }
      return .file(path: path)
    }
  }

  private static func integer(_ value: String, _ range: ClosedRange<Int>) throws(Rule) -> Int {
    guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value), range.contains(number) else {
      throw Rule("it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func member(_ value: String, of numbers: [Int]) throws(Rule) -> Int {
    guard let number = Int(value), numbers.contains(number), String(number) == value else {
      throw Rule("it must be \(list(numbers.map(String.init)))")
    }
    return number
  }

  /// Decimal seconds, exactly.
  /// - Parameter range: in microseconds.
  private static func seconds(_ value: String, _ range: ClosedRange<Int>) throws(Rule) -> Duration {
    let (least, most) = (Duration.microseconds(range.lowerBound), Duration.microseconds(range.upperBound))
    let rule = Rule(
      "it must be a decimal number from \(least.decimalSeconds) to \(most.decimalSeconds), with six decimals at most")
    let parts = value.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 6 }),
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let whole = Int(parts[0])
    else { throw rule }
    let decimals = parts.count == 2 ? parts[1] + String(repeating: "0", count: 6 - parts[1].utf8.count) : "0"
    let microseconds = whole * 1_000_000 + Int(decimals)!
    guard range.contains(microseconds) else { throw rule }
    return .microseconds(microseconds)
  }

  private static func token(_ value: String) throws(Rule) -> Token {
    guard let token = Token(value) else { throw Rule(Token.rule) }
    return token
  }

  private static func path(_ value: String) throws(Rule) -> String {
    guard !value.isEmpty, !value.utf8.contains(0) else { throw Rule("it must not be empty") }
    return value
  }

  private static func list(_ items: [String]) -> String {
    items.dropLast().joined(separator: ", ") + " or " + (items.last ?? "")
  }
}
