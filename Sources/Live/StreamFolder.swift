import Audio
import Glibc
import HLS

/// `<sound directory>/<stream>`: the only state that outlives the process.
struct StreamFolder {
  private let folder: Folder
  private let playlistName: String
  private let files: [Int: [UInt8]]
  /// What a run that was killed had written of the segment at hand.
  private let unfinished: [Int: [UInt8]]

  /// Another ringcast writes there.
  struct InUse: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): another ringcast uses this folder; give one of them another --sound-dir" }
  }

  /// Makes the folder, takes it for this process, and reads what is there. A folder that can't be made or read is
  /// logged and does without: listeners are served from memory.
  init(directory: String, stream: String, log: Log) throws(InUse) {
    folder = Folder("\(directory)/\(stream)")
    playlistName = "\(stream).m3u8"
    do throws(FileError) {
      try folder.create()
    } catch {
      log.error("disk: \(error); listeners are served from memory, and it is tried again")
    }
    // The lock goes with the process, however it ends; the descriptor is never closed.
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw InUse(path: folder.path)
    }
    (files, unfinished) = Self.readSegments(folder, log)
  }

  /// Restores what the runs before left.
  func restore(targetDuration: Int, log: Log) -> Restored {
    let restored = Restored(
      playlist: readPlaylist(log), files: files, unfinished: unfinished, targetDuration: targetDuration,
      now: WallTime(microseconds: Clock.wall()))
    for complaint in restored.complaints { log.warning("restore: \(folder.path): \(complaint); passed over") }
    let count = restored.segments.count
    if count > 0 {
      log.info("restore: \(count) segments from \(folder.path), the next is \(restored.nextSequence)")
    } else {
      log.info("restore: nothing to list again in \(folder.path), the first segment is \(restored.nextSequence)")
    }
    return restored
  }

  /// Begins to keep the folder like the ring. Segments of ours that can't be listed again give way as new ones come.
  func writer(log: Log, onStored: @escaping @Sendable (Int) -> Void) -> SegmentFiles {
    let ours = files.filter { TimestampTag($0.value) != nil }.map(\.key)
    return SegmentFiles(folder: folder, playlistName: playlistName, present: ours, log: log, onStored: onStored)
  }

  private static func readSegments(_ folder: Folder, _ log: Log) -> (whole: [Int: [UInt8]], unfinished: [Int: [UInt8]])
  {
    var (whole, unfinished): ([Int: [UInt8]], [Int: [UInt8]]) = ([:], [:])
    for name in (try? folder.files()) ?? [] {
      do throws(FileError) {
        if let sequence = Segment.sequence(ofName: name) {
          whole[sequence] = try folder.read(name)
        } else if name.hasSuffix(Folder.temporarySuffix) {
          let sequence = Segment.sequence(ofName: String(name.dropLast(Folder.temporarySuffix.utf8.count)))
          if let sequence { unfinished[sequence] = try folder.read(name) }
          try folder.remove(name)
        } else if !name.hasSuffix(".m3u8") {
          log.warning("restore: \(folder.path)/\(name) is not a segment; passed over")
        }
      } catch {
        log.warning("restore: \(error); passed over")
      }
    }
    return (whole, unfinished)
  }

  private func readPlaylist(_ log: Log) -> Playlist? {
    do {
      let bytes = try folder.read(playlistName)
      return try Playlist(text: String(decoding: bytes, as: UTF8.self))
    } catch let error as FileError where error.code == ENOENT {
      return nil
    } catch {
      log.warning("restore: \(folder.path)/\(playlistName): \(error); passed over")
      return nil
    }
  }
}
