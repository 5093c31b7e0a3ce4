import Core
import HLS
import Logging
import System

/// `<sound directory>/<stream>`, as a start finds it: the only state that outlives the machine.
struct StreamFolder {
  /// A file that is there while the folder may lack what was served: all the time but after a clean stop.
  static let mark = "running"

  /// The signs by which the next start knows that the folder may lack sound that was served.
  struct Traces: Sendable {
    fileprivate let folder: Folder
    fileprivate let box: CrashMemory?
    fileprivate let lock: FolderLock

    /// Gives the folder up: another run of the stream may take it.
    func release() {
      lock.release()
      box?.unlock()
    }

    /// It lacks nothing.
    func remove() {
      do throws(SystemError) {
        try folder.remove(mark)
        box?.remove()
      } catch {
        // The ring is restored from the box then, or its numbers go on from the clock.
      }
    }
  }

  typealias InUse = FolderLock.InUse

  private let folder: Folder
  private let playlistName: String
  private let packaging: SegmentPackaging
  private let lock: FolderLock
  private let content: FolderContent
  /// The sound of the run before, and then of this one, that the folder may lack; nil without shared memory.
  let box: CrashMemory?

  /// Makes the folder, takes it for this process, and reads what is there. A folder that can't be made or read is
  /// logged and does without: listeners are served from memory.
  /// - Parameter packaging: of the stream's segments; files of another kind are passed over.
  init(directory: String, stream: String, packaging: SegmentPackaging, log: Log) throws(InUse) {
    self.packaging = packaging
    folder = Folder("\(directory)/\(stream)")
    playlistName = "\(stream).m3u8"
    do throws(SystemError) {
      try folder.create()
    } catch {
      log.error("disk: \(error); listeners are served from memory, and it is tried again")
    }
    let lock = FolderLock(folder.path)
    try lock.take()
    self.lock = lock
    box = try Self.openBox(folder, log)
    content = FolderContent(folder, playlistName: playlistName, packaging: packaging, log: log)
  }

  /// Restores what the runs before left.
  func restore(targetDuration: Int, log: Log) -> Restored {
    let memory = box?.content() ?? CrashMemory.Content()
    let isComplete = !content.isMarked || !memory.served.isEmpty && !memory.isDamaged
    let found = Restored.Found(
      playlist: content.playlist, files: content.files, served: memory.served, isComplete: isComplete,
      era: content.era)
    let restored = Restored(
      found, packaging: packaging, targetDuration: targetDuration, now: WallTime(microseconds: Clock.wall()),
      newEra: Era(bits: .random(in: .min ... .max)))
    prepareBox(after: memory, restored, log)
    // The next start must not take the numbers of a new era for those of the old one.
    if restored.era != content.era { try? folder.remove(FolderContent.eraFile) }
    FolderContent.report(restored.complaints.map { "\(folder.path): \($0)" }, of: folder, log)
    let count = restored.segments.count
    if count > 0 {
      log.info("restore: \(count) segments from \(folder.path), the next is \(restored.nextSequence)")
    } else {
      log.info("restore: nothing to list again in \(folder.path), the first segment is \(restored.nextSequence)")
    }
    return restored
  }

  /// Begins to keep the folder like the ring. Segments of ours that can't be listed again give way as new ones come.
  /// - Parameter era: of the segments to come.
  func writer(
    in era: Era, log: Log, events: EventSink, onStored: @escaping @Sendable (Int) -> Void
  ) -> FolderWriter {
    let mirror = FolderMirror(
      folder: folder, lock: lock, playlistName: playlistName, era: era, present: content.ours)
    return FolderWriter(mirror, path: folder.path, log: log, events: events, onStored: onStored)
  }

  /// The titles of the runs before.
  var played: PlayedTitles { content.played }

  var traces: Traces { Traces(folder: folder, box: box, lock: lock) }

  private static func openBox(_ folder: Folder, _ log: Log) throws(InUse) -> CrashMemory? {
    let box: CrashMemory
    do throws(SystemError) {
      box = try CrashMemory(folder: folder.absolutePath)
    } catch {
      log.warning("memory: \(error); after a kill the ring begins anew")
      return nil
    }
    // Another ringcast whose folder was removed has the memory still.
    guard box.lock() else { throw InUse(path: folder.path) }
    return box
  }

  private func prepareBox(after memory: CrashMemory.Content, _ restored: Restored, _ log: Log) {
    if memory.isDamaged {
      log.warning("memory: the crash memory of \(folder.path) is damaged, or another version's; passed over")
      box?.clear()
    } else if memory.served.isEmpty, let last = restored.segments.last {
      // An empty box says nothing: the folder would not be relied on after a kill.
      var box = box
      try? box?.note(RecordingSegment(last))
    }
  }
}
