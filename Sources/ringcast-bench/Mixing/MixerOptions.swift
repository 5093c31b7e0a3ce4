/// The options of `ringcast-bench mixer`.
struct MixerOptions: Equatable, Sendable {
  static let usage = """
    usage: ringcast-bench mixer [options]

    Mixes a room of talkers with Opus, without a network, and prints the CPU time of a tick of 10 ms as one line of JSON.

      --talkers COUNT    1 to 64; default 8
      --members COUNT    1 to 1000, the talkers included; default 8
      --seconds SECONDS  length of the sound; default 20

    """

  var talkers = 8
  var members = 8
  var seconds = 20

  /// - Parameter arguments: those after the word `mixer`.
  static func parse(_ arguments: ArraySlice<String>) throws(Options.Mistake) -> MixerOptions {
    var options = MixerOptions()
    var rest = arguments
    while let flag = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Options.Mistake(description: "\(flag): it needs a value") }
      switch flag {
      case "--talkers": options.talkers = try number(flag, value, 1...64)
      case "--members": options.members = try number(flag, value, 1...1000)
      case "--seconds": options.seconds = try number(flag, value, 1...3600)
      default: throw Options.Mistake(description: "\(flag): there is no such option; see --help")
      }
    }
    options.members = max(options.members, options.talkers)
    return options
  }

  private static func number(
    _ flag: String, _ value: String, _ range: ClosedRange<Int>
  ) throws(Options.Mistake) -> Int {
    guard let number = Int(value), range.contains(number) else {
      throw Options.Mistake(
        description: "\(flag) \(value): it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
