import HLS

/// What the command line asks for.
struct Options: Equatable, Sendable {
  /// How a listener gets its sound.
  enum Mode: String, CaseIterable, Sendable {
    /// Polls the playlist as RFC 8216 §6.3.4 says, and fetches each segment.
    case plain
    /// As `plain`, of any server: the URL is the playlist's own.
    case hls
    /// Blocking playlist reloads, and each part by its URI; every second listener asks for the hinted part ahead.
    case lowLatency = "low-latency"
    /// Each segment while it is being recorded, the next as soon as one ends.
    case growing
    /// One response without an end; the URL is its own.
    case endless
  }

  static let usage = """
    usage: ringcast-bench listen --url URL --mode MODE [options]

    Many listeners on one machine: prints what they got as one line of JSON.

      --url URL          http://ADDRESS:PORT/ of a ringcast, or of the playlist (hls) or the stream (endless)
      --mode MODE        plain, low-latency, growing, hls or endless
      --stream NAME      default live
      --listeners COUNT  1 to 100000; default 100
      --ramp SECONDS     in which they come, evenly; default 5
      --seconds SECONDS  that are measured, some seconds after the last of them came; default 20
      --cushion MS       of sound that each listener's player keeps; default 0
      --watch PID,…      processes whose CPU time and memory are measured over the same seconds

    """

  var url = URL(address: "127.0.0.1", port: 8080, path: "/")
  var mode = Mode.plain
  var stream = "live"
  var listeners = 100
  var ramp = 5
  var seconds = 20
  /// Milliseconds.
  var cushion = 0
  var watched: [Int] = []

  /// A command line that breaks a rule: the flag, its value and the rule, in one line.
  struct Mistake: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  /// - Returns: nil where help is asked for.
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
    return options
  }

  private mutating func set(_ flag: String, _ value: String) throws(Mistake) {
    switch flag {
    case "--url":
      guard let url = URL(value) else {
        throw Mistake(description: "it must be http://ADDRESS:PORT/PATH with an IPv4 address")
      }
      self.url = url
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
