import Testing

@testable import Live

@Suite struct StreamSettingsTests {
  @Test func `the window is checked at the sample rate that the source turns out to have`() throws {
    var settings = StreamSettings()
    settings.ringSize = 3
    try settings.check()
    try settings.check(sampleRate: 48_000)
    #expect(throws: InvalidInput.self) { try settings.check(sampleRate: 44_100) }
  }

  @Test func `an error spells settings as its reader does, and names the stream where there are several`() throws {
    var settings = StationSettings()
    settings.streams[0].partLength = .seconds(3)
    #expect(message(settings) == "part-length 3: it must not exceed segment-length, here 2")
    settings.streams.append(StreamSettings())
    settings.streams[1].name = try StreamName("hall")
    #expect(message(settings) == "stream live: part-length 3: it must not exceed segment-length, here 2")
    let error = #expect(throws: InvalidInput.self) { try settings.check() }
    #expect(
      error?.text { "--\($0.rawValue)" } == "stream live: --part-length 3: it must not exceed --segment-length, here 2")
  }

  private func message(_ settings: StationSettings) -> String? {
    (#expect(throws: InvalidInput.self) { try settings.check() })?.description
  }
}
