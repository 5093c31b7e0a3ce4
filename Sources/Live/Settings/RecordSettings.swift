package import Recordings

/// The recording of a stream.
package struct RecordSettings: Equatable, Sendable {
  /// Seconds.
  package static let standardLength = 3600

  package let directory: String
  /// The longest recording, in seconds.
  package let length: Int
  /// Nil keeps all recordings.
  package let keep: RecordingKeep?
}
