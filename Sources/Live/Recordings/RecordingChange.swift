import Logging
import Recordings
import System

/// An operator's change of a finished recording.
struct RecordingChange: Hashable, Sendable {
  enum Action: Hashable, Sendable {
    case note(RecordingNote.Change)
    case delete
  }

  enum Result: Sendable {
    case done
    case missing
    /// The disk refuses the change.
    case failed
  }

  let name: RecordingName
  let action: Action

  /// Changes the files on the disk, and then the library. Runs on a thread that may wait for the disk.
  func perform(on library: RecordingLibrary, log: Log) -> Result {
    guard let recording = library.recording(name) else { return .missing }
    let folder = recording.folder
    do throws(SystemError) {
      switch action {
      case .note(let change):
        var note = recording.note
        note.apply(change)
        if note.isEmpty {
          try folder.remove(name.noteText)
        } else {
          try folder.prepare(name.noteText, note.bytes, synced: true)
          try folder.commit(name.noteText)
        }
        // The recorder may have removed the old recording meanwhile, and what was beside it.
        guard recording.isThere else {
          try folder.remove(name.noteText)
          return .missing
        }
        library.set(note, of: name)
      case .delete:
        try folder.remove(name.text)
        library.noteDeleted(recording)
        // The recording is gone, whatever stays beside it.
        for companion in name.companions {
          do throws(SystemError) {
            try folder.remove(companion)
          } catch {
            log.warning("recordings: \(error); the file stays although \(name.text) was deleted")
          }
        }
        log.info("recordings: \(name.text) was deleted by an operator")
      }
      return .done
    } catch {
      log.error("recordings: \(error); an operator's change of \(name.text) is lost")
      return .failed
    }
  }
}
