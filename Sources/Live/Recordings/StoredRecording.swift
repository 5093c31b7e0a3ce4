import Core
import Recordings
import System

/// A finished recording in its folder.
struct StoredRecording: Equatable, Sendable {
  let recording: Recording
  /// Bytes of the file.
  let size: Int
  let folder: Folder
  /// The things that operators say of the recording.
  var note = RecordingNote()
  /// The time of the file's last change; nil if it is not known.
  var modified: WallTime?

  static func == (one: StoredRecording, other: StoredRecording) -> Bool {
    one.isSameFile(as: other) && one.recording == other.recording && one.note == other.note
  }

  var name: RecordingName { recording.name }

  var id: String { name.id }

  /// The file's path, made from the folder and the recording's name.
  var path: String { "\(folder.path)/\(name.text)" }

  /// Whether the file is still there. To be asked after something was written beside the file: one that removes a recording
  /// removes the file first, and then everything beside the file.
  var isThere: Bool {
    do throws(SystemError) {
      _ = try folder.size(name.text)
      return true
    } catch {
      return !error.isMissing
    }
  }

  /// For people.
  var title: String { note.title ?? name.title }

  /// Whether both are one file: a file that was deleted may have a successor of the same name.
  func isSameFile(as other: StoredRecording) -> Bool {
    path == other.path && size == other.size && modified == other.modified
  }
}
