import Live
import Recordings

extension Flag {
  /// The flags of recordings.
  static let recordings: [Flag] = [
    .stream("record", .recordings, "PATH", "record the stream into MP3 files in this directory; default no recording") {
      (value, stream) throws(Rule) in stream.recordDirectory = try path(value)
    },
    .stream(
      "record-length", .recordings, "SECONDS",
      "start a file at each multiple of this time on the local clock, 2 to 86400; default "
        + "\(RecordSettings.standardLength)"
    ) { (value, stream) throws(Rule) in stream.chosenRecordLength = try integer(value, 2...86_400) },
    .stream(
      "record-keep", .recordings, "LIMIT",
      "remove a stream's recordings beyond an age (30d, 12h) or a size (50GB); default keep all"
    ) { (value, stream) throws(Rule) in
      guard let keep = RecordingKeep(value) else {
        throw Rule("it must be a number and s, m, h or d for a time, or MB, GB or TB for a size, such as 30d or 50GB")
      }
      stream.recordKeep = keep
    },
  ]
}
