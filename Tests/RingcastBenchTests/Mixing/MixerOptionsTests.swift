import Testing

@testable import ringcast_bench

@Suite struct MixerOptionsTests {
  private func parse(_ line: String) throws(Options.Mistake) -> MixerOptions {
    try MixerOptions.parse(line.split(separator: " ").map(String.init)[...])
  }

  @Test func `reads every option`() throws {
    let options = try parse("--talkers 8 --members 50 --seconds 3")
    #expect((options.talkers, options.members, options.seconds) == (8, 50, 3))
    #expect(try parse("--talkers 9").members == 9)
  }

  @Test(
    arguments: [
      ("--talkers", "--talkers: it needs a value"),
      ("--talkers 65", "--talkers 65: it must be a whole number from 1 to 64"),
      ("--members many", "--members many: it must be a whole number from 1 to 1000"),
      ("--fast yes", "--fast: there is no such option; see --help"),
    ])
  func `names the option that is wrong`(line: String, message: String) {
    #expect(throws: Options.Mistake(description: message)) { try parse(line) }
  }
}
