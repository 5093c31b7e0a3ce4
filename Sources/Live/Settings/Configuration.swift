import Codec
import HLS
import HTTP
package import Logging

/// All that can be set, with its defaults. `check()` holds the rules that tie one setting to another.
package struct Configuration: Sendable {
  package enum SourceChoice: Equatable, Sendable {
    case automatic
    case alsa(device: String)
    case file(path: String)
    case standardInput
    case tone
  }

  package enum FallbackChoice: Equatable, Sendable {
    case silence
    case file(path: String)
    case tone
  }

  package static let version = "0.1.0"
  /// What MPEG-1 Layer III offers: Hz, and kbit/s.
  package static let sampleRates = MP3Format.sampleRates
  package static let bitrates = MP3Format.bitrates

  package var stream = "live"
  package var source = SourceChoice.automatic
  package var loops = false
  package var exitsAtEnd = false
  /// What is heard while the capture device is gone.
  package var fallback = FallbackChoice.silence
  /// Seconds of silence after which there is an alarm; nil is never.
  package var silenceAlarm: Int?
  /// Whether the fallback is heard after the alarm too.
  package var replacesSilence = false
  /// A file that says what plays.
  package var metadataFile: String?
  /// Hz; nil is the source's own.
  package var sampleRate: Int?
  /// Nil is the source's own.
  package var channels: Int?
  /// kbit/s.
  package var bitrate = 128
  /// Frames a period.
  package var blockSize = 480
  /// Microseconds.
  package var segmentLength = 2_000_000
  /// Microseconds of a partial segment.
  package var partLength = 288_000
  /// Microseconds after which a segment that is being recorded is sent on, where that was asked for.
  package var chosenChunkLength: Int?
  package var chunkLength: Int { chosenChunkLength ?? min(120_000, partLength) }
  /// The same for who asks for it promptly: frame by frame, or else at the pace of all.
  package var chosenPromptChunkLength: Int?
  package var promptChunkLength: Int { chosenPromptChunkLength ?? min(24_000, chunkLength) }
  package var ringSize = 10
  package var soundDirectory = "sound"
  /// Nil is the page that came with the program.
  package var webDirectory: String?
  package var host = "127.0.0.1"
  package var port: UInt16 = 8080
  /// Microseconds of sound at once for who opens the endless stream.
  package var burst = 2_000_000
  /// Microseconds by which one of its listeners may fall behind, beside the burst.
  package var maxLag = 10_000_000
  /// Connections at a time.
  package var maxListeners = Server.Limits().connections
  /// Of these, from one address; 0 is no limit.
  package var maxPerAddress = Server.Limits().connectionsPerAddress
  /// Seconds.
  package var headerTimeout = Server.Limits().headerSeconds
  /// Seconds.
  package var idleTimeout = Server.Limits().idleSeconds
  /// Bytes a connection.
  package var requestMemory = Server.Limits().memoryPerConnection
  /// PEM files; both or none.
  package var tlsCertificate: String?
  package var tlsKey: String?
  /// Tokens that a listener may show; where there are none, here and in the file, everybody may listen.
  package var listenToken: Token?
  package var listenTokenFile: String?
  /// Names by which a private port may be asked for, beside those of this machine.
  package var allowedHosts: [String] = []
  /// Origins whose pages may read a private stream.
  var allowedOrigins = OriginGate.Origins.only([])
  /// Tokens that an operator may show.
  package var adminToken: Token?
  package var adminTokenFile: String?
  /// The operator's own address and port; nil is 127.0.0.1, and no such port.
  package var adminHost: String?
  package var adminPort: UInt16?
  /// Whom the process becomes once the port is bound; nil is whoever started it.
  package var user: String?
  /// Where each answer gets a line; `-` is standard output, nil is nowhere.
  package var accessLog: String?
  package var logLevel = Log.Level.info
  package var logFormat = LogFormat.Choice.auto

  package init() {}

  /// Lets in requests that name this host.
  /// - Returns: false for what is neither a host name nor an address, or has a port.
  package mutating func allow(host: String) -> Bool {
    let isBareIPv6 = host.utf8.count(where: { $0 == UInt8(ascii: ":") }) > 1 && !host.hasPrefix("[")
    let host = isBareIPv6 ? "[\(host)]" : host
    guard HostField(host) != nil, isBareIPv6 || host.hasPrefix("[") && host.hasSuffix("]") || !host.contains(":") else {
      return false
    }
    allowedHosts.append(host)
    return true
  }

  /// Lets the pages of this origin read the stream; `*` lets every page.
  /// - Returns: false for what is no origin.
  package mutating func allow(origin: String) -> Bool {
    if origin == "*" {
      allowedOrigins = .any
      return true
    }
    guard let origin = WebOrigin(origin) else { return false }
    if case .only(let others) = allowedOrigins { allowedOrigins = .only(others.union([origin])) }
    return true
  }

  /// A rule broken by values that are fine each by itself.
  package struct Conflict: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  /// Checks what can be said before the source is open: at the sample rate that was asked for, or else 48 kHz.
  package func check() throws(Conflict) {
    try check(sampleRate: sampleRate ?? 48_000)
    if partLength > segmentLength {
      throw Conflict(
        description: "--part-length \(Self.seconds(partLength)): it must not exceed --segment-length, here"
          + " \(Self.seconds(segmentLength))")
    }
    if chunkLength > partLength {
      throw Conflict(
        description: "--chunk-length \(Self.seconds(chunkLength)): it must not exceed --part-length, here"
          + " \(Self.seconds(partLength))")
    }
    if promptChunkLength > chunkLength {
      throw Conflict(
        description: "--prompt-chunk \(Self.seconds(promptChunkLength)): it must not exceed --chunk-length,"
          + " here \(Self.seconds(chunkLength))")
    }
    if replacesSilence, silenceAlarm == nil {
      throw Conflict(description: "--on-silence fallback: it needs --silence-alarm SECONDS")
    }
    if replacesSilence, fallback == .silence {
      throw Conflict(description: "--on-silence fallback: it needs --fallback file:PATH or tone")
    }
    if fallback != .silence, !isCaptured, !replacesSilence {
      throw Conflict(
        description: "--fallback: it needs a capture device, --source auto or alsa, or --on-silence fallback")
    }
    if let tlsCertificate, tlsKey == nil {
      throw Conflict(description: "--tls-cert \(tlsCertificate): it needs --tls-key PATH")
    }
    if let tlsKey, tlsCertificate == nil {
      throw Conflict(description: "--tls-key \(tlsKey): it needs --tls-cert PATH")
    }
    if let adminHost, adminPort == nil {
      throw Conflict(description: "--admin-host \(adminHost): it needs --admin-port PORT")
    }
    if let adminPort, adminPort == port, port != 0 {
      throw Conflict(description: "--admin-port \(adminPort): it must differ from --port")
    }
    if loops, !isFile { throw Conflict(description: "--loop: it needs --source file:PATH") }
  }

  /// Checks the window against the target duration, which depends on the frames' length and so on the sample rate.
  func check(sampleRate: Int) throws(Conflict) {
    let grid = Grid(codec: .mp3, sampleRate: sampleRate, target: .microseconds(segmentLength))
    guard ringSize >= grid.smallestWindow else {
      let rule = "a playlist holds at least 3 target durations, here 3 × \(grid.targetDuration) s (RFC 8216 §6.2.2)"
      throw Conflict(
        description: "--ring-size \(ringSize): with --segment-length \(Self.seconds(segmentLength)) at \(sampleRate) Hz"
          + " it must be at least \(grid.smallestWindow): \(rule)")
    }
  }

  /// Whether there are files that are read again on SIGHUP.
  package var isReloadable: Bool {
    [tlsCertificate, listenTokenFile, adminTokenFile, accessLog].contains { $0 != nil }
  }

  private var isCaptured: Bool {
    switch source {
    case .automatic, .alsa: true
    case .file, .standardInput, .tone: false
    }
  }

  private var isFile: Bool {
    if case .file = source { true } else { false }
  }

  /// Microseconds as a decimal of seconds: `2`, `0.77`.
  package static func seconds(_ microseconds: Int) -> String {
    let (whole, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    guard fraction > 0 else { return String(whole) }
    var digits = String(String(1_000_000 + fraction).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}
