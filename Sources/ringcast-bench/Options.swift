import HLS

/// The options of the command line.
struct Options: Equatable, Sendable {
  /// The way in which a listener gets its sound.
  enum Mode: String, CaseIterable, Sendable {
    /// Polls the playlist (RFC 8216 §6.3.4), and fetches each segment.
    case plain
    /// Like `plain`, from any server: the URL is that of the playlist.
    case hls
    /// Blocking playlist reloads, and each part by its URI. Every second listener requests the hinted part in advance.
    case lowLatency = "low-latency"
    /// Each segment while it is being recorded, and the next as soon as it ends.
    case growing
    /// One response without an end; the URL is that of the stream.
    case endless
    /// The events of a room (server-sent events); the URL is that of the events. An event tells when it was sent.
    case events
  }

  static let usage = """
    usage: ringcast-bench listen --url URL --mode MODE [options]
           ringcast-bench mixer [options]     see ringcast-bench mixer --help

    Runs many listeners on one machine, and prints the results as one line of JSON.

      --url URL          http:// or https://ADDRESS:PORT/ of a ringcast, or of the playlist (hls), the stream (endless) or
                         the events of a room (events), which say in "sent" the nanoseconds of the monotonic clock
      --http VERSION     1.1 or 2; 2 needs an https URL; default 1.1
      --mode MODE        plain, low-latency, growing, hls, endless or events
      --stream NAME      default live
      --listeners COUNT  1 to 100000; default 100
      --ramp SECONDS     time in which all listeners connect; default 5
      --seconds SECONDS  length of the measurement, which starts after the ramp; default 20
      --cushion MS       sound that the player of each listener keeps in reserve; default 0
      --watch PID,…      processes whose CPU time and memory are measured too

    """

  var url = URL(address: "127.0.0.1", port: 8080, path: "/")
  var version = HTTPVersion.http1
  var mode = Mode.plain
  var stream = "live"
  var listeners = 100
  var ramp = 5
  var seconds = 20
  /// Milliseconds.
  var cushion = 0
  var watched: [Int] = []

  /// The error of a command line that breaks a rule: the flag, its value and the rule, in one line.
  struct Mistake: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  /// - Returns: nil if help is asked for.
  static func parse(_ arguments: [String]) throws(Mistake) -> Options? {
    if arguments.contains("--help") { return nil }
    guard arguments.first == "listen" else { throw Mistake(description: "the first word must be listen; see --help") }
    var options = Options()
    var given: Set<String> = []
    var rest = arguments.dropFirst()
    while let flag = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Mistake(description: "\(flag): it needs a value; see --help") }
      do {
        try options.set(flag, value)
      } catch {
        throw Mistake(description: "\(flag) \(value): \(error.description)")
      }
      given.insert(flag)
    }
    for flag in ["--url", "--mode"] where !given.contains(flag) {
      throw Mistake(description: "\(flag): it is needed; see --help")
    }
    if options.version == .http2, !options.url.isSecure {
      throw Mistake(description: "--http 2: it needs an https URL")
    }
    return options
  }

  private mutating func set(_ flag: String, _ value: String) throws(Mistake) {
    switch flag {
    case "--url":
      guard let url = URL(value) else {
        throw Mistake(description: "it must be http://ADDRESS:PORT/PATH or https://…, with an IPv4 address")
      }
      self.url = url
    case "--http":
      guard let version = HTTPVersion(rawValue: value) else {
        throw Mistake(
          description: "it must be one of \(HTTPVersion.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      self.version = version
    case "--mode":
      guard let mode = Mode(rawValue: value) else {
        throw Mistake(description: "it must be one of \(Mode.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      self.mode = mode
    case "--stream": stream = value
    case "--listeners": listeners = try Self.number(value, 1...100_000)
    case "--ramp": ramp = try Self.number(value, 0...600)
    case "--seconds": seconds = try Self.number(value, 1...3600)
    case "--cushion": cushion = try Self.number(value, 0...60_000)
    case "--watch":
      watched = []
      for pid in value.split(separator: ",") { watched.append(try Self.number(String(pid), 1...(1 << 22))) }
    default: throw Mistake(description: "there is no such option; see --help")
    }
  }

  private static func number(_ value: String, _ range: ClosedRange<Int>) throws(Mistake) -> Int {
    guard let number = Int(value), range.contains(number) else {
      throw Mistake(description: "it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
