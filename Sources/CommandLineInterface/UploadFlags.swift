import Live
import Recordings
import Uploads

extension Flag {
  /// The flags of uploads.
  static let uploads: [Flag] = [
    .station(
      "uploads", .recordings, "PATH", "take uploads of sound into this directory, at /record; default no uploads"
    ) {
      (value, station) throws(Rule) in station.uploads.directory = try path(value)
    },
    .station("upload-max-size", .recordings, "SIZE", "maximum size of an upload, 1MB to 100GB; default 500MB") {
      (value, station) throws(Rule) in station.uploads.maxSize = try size(value, atMost: 100_000_000_000)
    },
    .station("upload-max-count", .recordings, "COUNT", "maximum number of uploads, 1 to 100000; default 1000") {
      (value, station) throws(Rule) in station.uploads.maxCount = try integer(value, 1...100_000)
    },
    .station(
      "upload-quota", .recordings, "SIZE", "maximum size of all uploads and their copies, 1MB to 100TB; default 10GB"
    ) { (value, station) throws(Rule) in station.uploads.quota = try size(value, atMost: 100_000_000_000_000) },
    .station(
      "upload-formats", .recordings, "LIST",
      "formats of uploads, with commas between; default \(formats.joined(separator: ","))"
    ) { (value, station) throws(Rule) in
      let names = value.split(separator: ",", omittingEmptySubsequences: false)
      let chosen = names.compactMap { SoundFormat(rawValue: String($0)) }
      guard chosen.count == names.count else { throw Rule("each format must be \(list(formats))") }
      station.uploads.formats = Set(chosen)
    },
    .station(
      "upload-token-file", .recordings, "PATH", "file of tokens, one a line, that let people upload; default none"
    ) { (value, station) throws(Rule) in station.uploads.tokenFile = try path(value) },
    .station("upload-open", .recordings, nil, "let anybody upload, and see what was uploaded; default nobody") {
      _, station in station.uploads.isOpen = true
    },
    .station("upload-publish", .recordings, nil, "publish each upload at once; default when an operator does so") {
      _, station in station.uploads.publishes = true
    },
  ]

  private static let formats = SoundFormat.allCases.map(\.rawValue)

  private static func size(_ value: String, atMost limit: Int) throws(Rule) -> Int {
    guard case .bytes(let bytes)? = RecordingKeep(value), bytes <= limit else {
      throw Rule("it must be a whole number of MB, GB or TB up to \(limit / 1_000_000_000)GB, such as 500MB")
    }
    return bytes
  }
}
