package import Uploads

/// The settings of uploads, with their defaults.
package struct UploadSettings: Equatable, Sendable {
  /// The directory of the uploads; nil where nobody may upload.
  package var directory: String?
  /// The largest upload, in bytes.
  package var maxSize = 500_000_000
  /// The largest number of uploads.
  package var maxCount = 1000
  /// The most bytes of all uploads and their copies.
  package var quota = 10_000_000_000
  package var formats = Set(SoundFormat.allCases)
  /// The file with the tokens that let people upload.
  package var tokenFile: String?
  /// Whether anybody may upload, without a token.
  package var isOpen = false
  /// Whether an upload is public at once.
  package var publishes = false

  package init() {}

  /// Checks the rules that tie one setting to another.
  func check() throws(InvalidInput) {
    if directory == nil, self != UploadSettings() {
      throw InvalidInput(.uploads, nil, "a setting of uploads needs \(.uploads) PATH")
    }
    if maxSize > quota {
      throw InvalidInput(.uploadMaxSize, nil, "the largest upload must not be larger than \(.uploadQuota)")
    }
  }
}
