import Testing
import Uploads

@testable import CommandLineInterface
@testable import Live

@Suite struct UploadFlagsTests {
  private func uploads(_ arguments: [String]) throws -> UploadSettings {
    guard case .run(let settings) = try Options.parse(arguments, read: { _ in "" }) else {
      throw InvalidInput("the command line", nil, "it must ask for a run")
    }
    return settings.uploads
  }

  @Test func `nobody may upload without the flag`() throws { #expect(try uploads([]).directory == nil) }

  @Test func `the limits are read`() throws {
    let read = try uploads([
      "--uploads", "a", "--upload-max-size", "20MB", "--upload-max-count", "7", "--upload-quota", "1GB",
      "--upload-formats", "webm,flac", "--upload-open", "--upload-publish", "--upload-token-file", "t",
    ])
    var expected = UploadSettings()
    expected.directory = "a"
    (expected.maxSize, expected.maxCount, expected.quota) = (20_000_000, 7, 1_000_000_000)
    expected.formats = [.webm, .flac]
    (expected.isOpen, expected.publishes, expected.tokenFile) = (true, true, "t")
    #expect(read == expected)
  }

  @Test(arguments: [
    (["--uploads", "a", "--upload-max-size", "20"], "--upload-max-size 20"),
    (["--uploads", "a", "--upload-formats", "webm,exe"], "--upload-formats webm,exe"),
    (["--uploads", "a", "--upload-formats", ""], "--upload-formats"),
    (["--uploads", "a", "--upload-quota", "7d"], "--upload-quota 7d"),
    (["--uploads", "a", "--upload-quota", "100MB"], "--upload-max-size"), (["--upload-open"], "needs --uploads PATH"),
  ])
  func `an invalid setting is refused`(arguments: [String], named: String) {
    let error = (#expect(throws: InvalidInput.self) { try uploads(arguments) })
    #expect(error?.asTyped.contains(named) == true)
  }
}
