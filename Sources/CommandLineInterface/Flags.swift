import Audio
import Core
import Live
import Logging

extension Flag {
  private static let defaults = StreamSettings()
  private static let endpoints = EndpointSettings()
  private static let logging = LogSettings()

  /// Every flag there is, in the order of `--help`.
  static let all: [Flag] = station + soundAndServer + pictures + recordings + uploads + webhooks + rooms + others

  private static let soundAndServer: [Flag] = [
    .stream(
      "source", .source, "SOURCE",
      "auto (default), alsa[:DEVICE], file:PATH, stdin, tone, icecast, room:NAME, stream:NAME, URL"
    ) {
      (value, stream) throws(Rule) in stream.source = try source(value)
    },
    .command("list-devices", .source, nil, "list the capture devices by their names for --source, and exit"),
    .stream("loop", .source, nil, "repeat the file, the folder or the playlist of --source file:PATH for ever") {
      _, stream in
      stream.loops = true
    },
    .stream("shuffle", .source, nil, "play the files of a folder or of a playlist in a new random order each round") {
      _, stream in
      stream.shuffles = true
    },
    .stream(
      "raw-format", .source, "FORMAT",
      "samples of sound without a header: u8, s16le, s24le, s32le, f32le, mulaw, ...; default s16le"
    ) {
      (value, stream) throws(Rule) in
      guard let layout = SampleLayout(name: value) else {
        throw Rule("it must be \(list(SampleLayout.names.map(\.name)))")
      }
      stream.raw.layout = layout
    },
    .stream(
      "raw-rate", .source, "HZ", "rate of sound without a header, 8000 to 192000; default --sample-rate, or 48000"
    ) {
      (value, stream) throws(Rule) in stream.raw.sampleRate = try integer(value, 8000...192_000)
    },
    .stream(
      "raw-channels", .source, "COUNT", "channels of sound without a header, 1 to 64; default --channels, or 2"
    ) {
      (value, stream) throws(Rule) in stream.raw.channels = try integer(value, 1...64)
    },
    .stream(
      "input-channels", .source, "LIST",
      "play one or two channels of the source, such as 5,6; default all, mixed down to two"
    ) {
      (value, stream) throws(Rule) in stream.inputChannels = try channelList(value)
    },
    .stream(
      "source-password-file", .source, "PATH",
      "icecast: lines PASSWORD or USER:PASSWORD of DJs, reread on SIGHUP; URL: one USER:PASSWORD"
    ) {
      (value, stream) throws(Rule) in stream.sourcePasswordFile = try path(value)
    },
    .stream("source-takeover", .source, nil, "with --source icecast: a second source client takes over") { _, stream in
      stream.allowsTakeover = true
    },
    .station("exit-at-end", .source, nil, "exit when every input has ended; by default, keep serving the last segments")
    {
      _, station in
      station.exitsAtEnd = true
    },
    .stream(
      "fallback", .source, "SOUND",
      "play tone, file:PATH, alsa[:DEVICE], stream:NAME or URL while the source is gone; repeatable"
    ) {
      (value, stream) throws(Rule) in
      guard let choice = try fallback(value) else {
        stream.fallbacks = []
        return
      }
      guard stream.fallbacks.count < StreamSettings.mostFallbacks else {
        throw Rule("a stream has at most \(StreamSettings.mostFallbacks) fallbacks")
      }
      stream.fallbacks.append(choice)
    },
    .stream(
      "silence-alarm", .source, "SECONDS",
      "raise an alarm after this time of silence (below -60 dBFS), 1 to 86400; default never"
    ) {
      (value, stream) throws(Rule) in stream.silenceAlarm = .seconds(try integer(value, 1...86_400))
    },
    .stream(
      "on-silence", .source, "ACTION",
      "after the silence alarm: keep (the silence) or fallback (play the fallback); default keep"
    ) {
      (value, stream) throws(Rule) in
      guard ["keep", "fallback"].contains(value) else { throw Rule("it must be keep or fallback") }
      stream.replacesSilence = value == "fallback"
    },
    .stream(
      "under-voice", .source, "ACTION",
      "the fallback under voices of --source room:NAME: duck (18 dB lower) or off; default duck"
    ) {
      (value, stream) throws(Rule) in
      guard let action = StreamSettings.UnderVoice(rawValue: value) else {
        throw Rule("it must be \(list(StreamSettings.UnderVoice.allCases.map(\.rawValue)))")
      }
      stream.chosenUnderVoice = action
    },
    .stream(
      "block-size", .source, "FRAMES", "PCM frames per capture period, 32 to 8192; default \(defaults.blockSize)"
    ) {
      (value, stream) throws(Rule) in stream.blockSize = try integer(value, 32...8192)
    },
    .stream(
      "metadata-file", .source, "PATH",
      "read the title from this file: lines title=TEXT and artist=TEXT, or only a title"
    ) {
      (value, stream) throws(Rule) in stream.metadataFile = try path(value)
    },
    .stream(
      "sample-rate", .encoding, "HZ",
      "rate of MP3 and stdin: 32000, 44100 or 48000; default the source's rate, or 48000 for stdin"
    ) {
      (value, stream) throws(Rule) in stream.sampleRate = try member(value, of: StreamSettings.sampleRates)
    },
    .stream(
      "channels", .encoding, "COUNT",
      "channels of MP3 and stdin: 1 or 2; default the source's number, or 2 for stdin"
    ) {
      (value, stream) throws(Rule) in stream.channels = try member(value, of: [1, 2])
    },
    .stream(
      "bitrate", .encoding, "KBPS",
      "MP3 at 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320 kbit/s; default \(defaults.bitrate)"
    ) {
      (value, stream) throws(Rule) in stream.bitrate = try member(value, of: StreamSettings.bitrates)
    },
    .stream(
      "segment-length", .encoding, "SECONDS",
      "length of a segment, 0.5 to 30, decimals allowed; default \(defaults.segmentLength.decimalSeconds)"
    ) { (value, stream) throws(Rule) in stream.segmentLength = try seconds(value, 500_000...30_000_000) },
    .stream(
      "part-length", .encoding, "SECONDS",
      "length of a part of Low-Latency HLS, 0.1 to 5; default \(defaults.partLength.decimalSeconds)"
    ) { (value, stream) throws(Rule) in stream.partLength = try seconds(value, 100_000...5_000_000) },
    .stream(
      "chunk-length", .encoding, "SECONDS",
      "send new sound to listeners at this interval, 0.02 to 2, at most --part-length; default "
        + "\(defaults.chunkLength.decimalSeconds)"
    ) { (value, stream) throws(Rule) in
      stream.chosenChunkLength = try seconds(value, 20_000...2_000_000)
    },
    .stream(
      "prompt-chunk", .encoding, "SECONDS",
      "the same where a URL asks for more (?prompt), 0.02 to --chunk-length; default one MP3 frame"
    ) { (value, stream) throws(Rule) in
      stream.chosenPromptChunkLength = try seconds(value, 20_000...2_000_000)
    },
    .stream(
      "ring-size", .encoding, "COUNT",
      "number of segments in the playlist and on disk, 3 to 10000; default \(defaults.ringSize)"
    ) {
      (value, stream) throws(Rule) in stream.ringSize = try integer(value, 3...10_000)
    },
    .stream(
      "sound-dir", .encoding, "PATH",
      "keep segments and playlist in this directory, in a folder for each stream; default \(defaults.soundDirectory)"
    ) {
      (value, stream) throws(Rule) in stream.soundDirectory = try path(value)
    },
    .station(
      "host", .server, "ADDRESS",
      "listen on this address; 0.0.0.0 or :: admits other machines; default \(endpoints.host), this machine"
    ) { (value, station) throws(Rule) in station.endpoints.host = try host(value) },
    .station(
      "port", .server, "PORT",
      "listen on this port, 0 to 65535, 0 picks a free one; default \(endpoints.port)"
    ) {
      (value, station) throws(Rule) in station.endpoints.port = UInt16(try integer(value, 0...65_535))
    },
    .stream(
      "burst", .server, "SECONDS",
      "sound sent at once to a new listener of /live.mp3, 0 to 10, rounded up to parts; default "
        + "\(defaults.burst.decimalSeconds)"
    ) { (value, stream) throws(Rule) in stream.burst = try seconds(value, 0...10_000_000) },
    .stream(
      "max-lag", .server, "SECONDS",
      "disconnect from /live.mp3 at --burst plus this time behind live, 1 to 60; default "
        + "\(defaults.maxLag.decimalSeconds)"
    ) { (value, stream) throws(Rule) in stream.maxLag = try seconds(value, 1_000_000...60_000_000) },
    .stream(
      "icy-encoding", .server, "NAME",
      "encoding of the titles in /live.mp3: utf-8, or latin1 for old radios; default \(defaults.icyEncoding.rawValue)"
    ) {
      (value, stream) throws(Rule) in
      guard let encoding = ICYEncoding(rawValue: value) else {
        throw Rule("it must be \(list(ICYEncoding.allCases.map(\.rawValue)))")
      }
      stream.icyEncoding = encoding
    },
    .station(
      "max-listeners", .server, "COUNT",
      "maximum number of connections, 1 to 1000000; a page opens six and keeps two; default "
        + "\(endpoints.maxListeners)"
    ) { (value, station) throws(Rule) in station.endpoints.maxListeners = try integer(value, 1...1_000_000) },
    .station(
      "max-per-address", .server, "COUNT",
      "maximum of connections from an IP address except 127.0.0.1, ::1; 0 is no limit; default \(endpoints.maxPerAddress)"
    ) { (value, station) throws(Rule) in
      station.endpoints.maxPerAddress = try integer(value, 0...1_000_000)
    },
    .station(
      "header-timeout", .server, "SECONDS",
      "time for a new connection to send its first request, 1 to 3600; default \(endpoints.headerTimeout.decimalSeconds)"
    ) { (value, station) throws(Rule) in station.endpoints.headerTimeout = .seconds(try integer(value, 1...3600)) },
    .station(
      "idle-timeout", .server, "SECONDS",
      "time to send a request, or to read an answer (1 s more per 4 kB), 1 to 3600; default "
        + "\(endpoints.idleTimeout.decimalSeconds)"
    ) { (value, station) throws(Rule) in station.endpoints.idleTimeout = .seconds(try integer(value, 1...3600)) },
    .station(
      "threads", .server, "COUNT",
      "threads that serve the listeners, 1 to 64; at most one for each core is useful; default \(endpoints.threads)"
    ) { (value, station) throws(Rule) in station.endpoints.threads = try integer(value, 1...64) },
    .station(
      "request-memory", .server, "BYTES",
      "no effect: any request may have 64 kB; kept for old configurations, 4096 to 65536"
    ) { (value, station) throws(Rule) in
      station.endpoints.requestMemory = try integer(value, 4096...65_536)
    },
    .station(
      "web-dir", .server, "PATH",
      "read the page's files from this directory; default web if present, else the installed page"
    ) {
      (value, station) throws(Rule) in station.endpoints.webDirectory = try path(value)
    },
    .station(
      "tls-cert", .server, "PATH",
      "serve HTTPS only (but see --tls-port), with this certificate chain (PEM); reread on SIGHUP"
    ) {
      (value, station) throws(Rule) in station.endpoints.tlsCertificate = try path(value)
    },
    .station("tls-key", .server, "PATH", "private key of --tls-cert (PEM); reread on SIGHUP") {
      (value, station) throws(Rule) in station.endpoints.tlsKey = try path(value)
    },
    .station("tls-self", .server, nil, "serve HTTPS with a certificate and a key that ringcast makes in --sound-dir") {
      _, station in station.endpoints.makesCertificate = true
    },
    .station(
      "tls-port", .server, "PORT",
      "serve HTTPS on this port beside HTTP on --port; for --tls-cert or --tls-self; 0 picks one"
    ) {
      (value, station) throws(Rule) in station.endpoints.tlsPort = UInt16(try integer(value, 0...65_535))
    },
    .shared(
      "listen-token", .server, "TOKEN",
      "admit only listeners with this token: 8 to 128 letters, digits, - . _ ~; ps shows the token",
      isSecret: true,
      station: { (value, station) throws(Rule) in station.access.listenToken = try token(value) },
      stream: { (value, stream) throws(Rule) in stream.listenToken = try token(value) }),
    .shared(
      "listen-token-file", .server, "PATH",
      "admit only listeners with a token of this file: one a line, # for comments; reread on SIGHUP",
      station: { (value, station) throws(Rule) in station.access.listenTokenFile = try path(value) },
      stream: { (value, stream) throws(Rule) in stream.listenTokenFile = try path(value) }),
    .station(
      "allow-host", .server, "NAME",
      "answer for this host, too, on --admin-port and on a private port; repeatable"
    ) { (value, station) throws(Rule) in
      guard station.access.allow(host: value) else {
        throw Rule("it must be a host name or an address, without a port")
      }
    },
    .station(
      "allow-origin", .server, "ORIGIN",
      "let pages of this origin (https://NAME, or *) play the stream of a private port; repeatable"
    ) { (value, station) throws(Rule) in
      guard station.access.allow(origin: value) else {
        throw Rule("it must be * or http:// or https://, a host, and a port or none")
      }
    },
    .station(
      "trusted-proxy", .server, "ADDRESS",
      "believe X-Forwarded-For and X-Forwarded-Proto of the proxy with this IP address; repeatable"
    ) { (value, station) throws(Rule) in
      guard station.access.trust(proxy: value) else { throw Rule("it must be an IP address, without a port") }
    },
    .station(
      "user", .server, "NAME", "become this user after the port is bound and the key is read; only if started as root"
    ) {
      (value, station) throws(Rule) in station.user = try text(value)
    },
    .station(
      "admin-port", .operators, "PORT",
      "serve the operators' pages (/status, /metrics) on this port only; 0 picks a free one"
    ) {
      (value, station) throws(Rule) in station.operators.port = UInt16(try integer(value, 0...65_535))
    },
    .station(
      "admin-host", .operators, "ADDRESS",
      "listen on this address at --admin-port; default 127.0.0.1, this machine only"
    ) {
      (value, station) throws(Rule) in station.operators.host = try host(value)
    },
    .station(
      "admin-token", .operators, "TOKEN",
      "admit only operators with this token; same rules as --listen-token; ps shows the token",
      isSecret: true
    ) { (value, station) throws(Rule) in
      station.operators.token = try token(value)
    },
    .station(
      "admin-token-file", .operators, "PATH",
      "admit only operators with a token of this file (as --listen-token-file); reread on SIGHUP"
    ) {
      (value, station) throws(Rule) in station.operators.tokenFile = try path(value)
    },
  ]

  private static let others: [Flag] = [
    .station(
      "log-level", .other, "LEVEL",
      "log this level and the more urgent ones: error, warning, info or debug; default \(logging.level)"
    ) {
      (value, station) throws(Rule) in
      guard let level = Log.Level.allCases.first(where: { "\($0)" == value }) else {
        throw Rule("it must be \(list(Log.Level.allCases.map { "\($0)" }))")
      }
      station.logging.level = level
    },
    .station(
      "log-format", .other, "FORMAT",
      "human, json (an object a line) or auto (priorities for journald, else human); default \(logging.format)"
    ) {
      (value, station) throws(Rule) in
      guard let format = LogFormat.Choice(rawValue: value) else {
        throw Rule("it must be \(list(LogFormat.Choice.allCases.map(\.rawValue)))")
      }
      station.logging.format = format
    },
    .station(
      "no-qr", .other, nil, "show no QR code of the page's address on a terminal where --host admits other machines"
    ) {
      _, station in
      station.logging.showsQRCode = false
    },
    .station(
      "access-log", .other, "PATH",
      "write a line for each answer, in common log format; - is standard output; reopened on SIGHUP"
    ) { (value, station) throws(Rule) in station.logging.accessLog = try path(value) },
    .command(
      "config", .other, "PATH",
      "read settings from this file: a flag a line, without its dashes, such as port = 80, or loop"),
    .command(
      "check-config", .other, nil,
      "check the settings and the files that they name, print each fault; status 0 (no fault) or 2"),
    .command("manual", .other, nil, "print the manual page and exit"),
    .command("completion", .other, nil, "print the completion for bash and exit"),
    .command("help", .other, nil, "print this text and exit"),
    .command("version", .other, nil, "print the version and exit"),
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
    case "icecast": return .icecast
    default:
      if let device = rest(after: "alsa:") { return .alsa(device: device) }
      if let path = rest(after: "file:") { return .file(path: try Self.path(path)) }
      if value.hasPrefix("room:") {
        guard let room = StreamSettings.SourceChoice.room(named: String(value.dropFirst(5))) else {
          throw Rule(
            """
            a room's name has 1 to 64 of a to z, 0 to 9, - and _, begins with a letter or a digit, and is not index, list \
            or room
            """)
        }
        return room
      }
      if isRelay(value) { return .relay(try RelayURL(value)) }
      if let name = rest(after: "stream:") { return .stream(try streamName(name)) }
      throw Rule(
        "it must be auto, alsa, alsa:DEVICE, file:PATH, stdin, tone, icecast, room:NAME, http(s)://... or stream:NAME")
    }
  }

  /// - Returns: nil for silence.
  private static func fallback(_ value: String) throws(Rule) -> StreamSettings.FallbackChoice? {
    switch value {
    case "silence": return nil
    case "tone", "alsa": break
    default:
      guard isRelay(value) || ["file:", "alsa:", "stream:"].contains(where: { value.hasPrefix($0) && value != $0 })
      else { throw Rule("it must be silence, tone, file:PATH, alsa:DEVICE, http(s)://... or stream:NAME") }
    }
    return switch try source(value) {
    case .file(let path): .file(path: path)
    case .alsa(let device): .alsa(device: device)
    case .relay(let url): .relay(url)
    case .stream(let name): .stream(name)
    default: .tone
    }
  }

  private static func isRelay(_ value: String) -> Bool {
    ["http://", "https://"].contains(where: value.lowercased().hasPrefix)
  }

  private static func streamName(_ value: String) throws(Rule) -> StreamName {
    do {
      return try StreamName(value)
    } catch {
      throw error.rule
    }
  }

  /// One or two channels, counted from 1.
  private static func channelList(_ value: String) throws(Rule) -> [Int] {
    let rule = Rule("it must be one channel or two different ones, from 1 to 64, such as 5,6")
    let parts = value.split(separator: ",", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count) else { throw rule }
    var channels: [Int] = []
    for part in parts {
      guard let channel = try? integer(String(part), 1...64), !channels.contains(channel) else { throw rule }
      channels.append(channel)
    }
    return channels
  }

  static func integer(_ value: String, _ range: ClosedRange<Int>) throws(Rule) -> Int {
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

  private static func text(_ value: String) throws(Rule) -> String {
    guard !value.isEmpty, !value.utf8.contains(0) else { throw Rule("it must not be empty") }
    return value
  }

  /// No shell replaces the ~ of `--sound-dir=~/x`, nor one in a configuration file.
  static func path(_ value: String) throws(Rule) -> String {
    guard !value.hasPrefix("~") else {
      throw Rule(
        "it must not begin with ~, which only a shell replaces; write the whole path, or ./~ for a file named so")
    }
    return try text(value)
  }

  /// An address or a name. In a URL, an IPv6 address stands in brackets (RFC 3986 §3.2.2), and may be copied with them.
  private static func host(_ value: String) throws(Rule) -> String {
    let value = try text(value)
    guard value.hasPrefix("["), value.hasSuffix("]") else { return value }
    let address = value.dropFirst().dropLast()
    guard address.contains(":") else { throw Rule("only an IPv6 address stands in brackets") }
    return String(address)
  }

  static func list(_ items: [String]) -> String {
    items.dropLast().joined(separator: ", ") + " or " + (items.last ?? "")
  }
}
