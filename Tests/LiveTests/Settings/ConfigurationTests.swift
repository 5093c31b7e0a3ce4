import Testing

@testable import Live

@Suite struct ConfigurationTests {
  @Test(arguments: [(2_000_000, "2"), (500_000, "0.5"), (770_000, "0.77"), (1_000_001, "1.000001"), (0, "0")])
  func `microseconds are shown as decimal seconds`(microseconds: Int, text: String) {
    #expect(Configuration.seconds(microseconds) == text)
  }

  @Test func `the window is checked at the sample rate that the source turns out to have`() throws {
    var configuration = Configuration()
    configuration.ringSize = 3
    try configuration.check()
    try configuration.check(sampleRate: 48_000)
    #expect(throws: Configuration.Conflict.self) { try configuration.check(sampleRate: 44_100) }
  }
}
