import Recordings
import Testing

@testable import CommandLineInterface
@testable import Live

@Suite struct RecordingFlagsTests {
  private func settings(_ arguments: [String], file: String = "") throws -> StationSettings {
    guard case .run(let settings) = try Options.parse(arguments, read: { _ in file }) else {
      throw InvalidInput("the command line", nil, "it must ask for a run")
    }
    return settings
  }

  private func refusal(_ arguments: [String]) -> String? {
    (#expect(throws: InvalidInput.self) { try settings(arguments) })?.asTyped
  }

  @Test func `no stream is recorded unless a flag says so`() throws {
    #expect(try settings([]).streams[0].record == nil)
  }

  @Test func `the flags set the recording, whatever their order`() throws {
    #expect(
      try settings(["--record", "a"]).streams[0].record == RecordSettings(directory: "a", length: 3600, keep: nil))
    #expect(
      try settings(["--record-keep", "50GB", "--record-length=60", "--record=b"]).streams[0].record
        == RecordSettings(directory: "b", length: 60, keep: .bytes(50_000_000_000)))
  }

  @Test func `a section records its stream alone`() throws {
    let file = "[stream one]\nrecord = a\nrecord-keep = 30d\n[stream two]\n"
    let streams = try settings(["--config", "a.conf"], file: file).streams
    #expect(streams.map { $0.record?.directory } == ["a", nil])
    #expect(streams[0].record?.keep == .age(seconds: 30 * 86_400))
  }

  @Test(arguments: [
    (["--record", ""], "--record"), (["--record", "a", "--record-length", "1"], "--record-length 1"),
    (["--record", "a", "--record-length", "86401"], "--record-length 86401"),
    (["--record", "a", "--record-keep", "30"], "--record-keep 30"),
    (["--record-length", "60"], "--record-length 60: it needs --record"),
    (["--record-keep", "30d"], "--record-keep: it needs --record"),
  ])
  func `a value that breaks a rule is named with the rule`(arguments: [String], beginning: String) throws {
    #expect(refusal(arguments)?.hasPrefix(beginning) == true)
  }
}
