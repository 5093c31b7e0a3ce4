import Codec
import Core
import Glibc
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

  private let folder: Folder
  private let playlistName: String
  private let packaging: SegmentPackaging
  /// By media sequence number.
  private let files: [Int: [UInt8]]
  private let isMarked: Bool
  /// The sound of the run before, and then of this one, that the folder may lack; nil without shared memory.
  let box: CrashMemory?

  /// Another ringcast writes there.
  struct InUse: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): another ringcast uses this folder; give one of them another --sound-dir" }
  }

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
    // The lock goes with the process, however it ends; the descriptor is never closed.
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw InUse(path: folder.path)
    }
    files = Self.readSegments(folder, of: packaging.codec, log)
    isMarked = (try? folder.files().contains(Self.mark)) ?? false
    box = Self.openBox(folder, log)
  }

  /// Restores what the runs before left.
  func restore(targetDuration: Int, log: Log) -> Restored {
    let served = box?.served() ?? [:]
    let found = Restored.Found(
      playlist: readPlaylist(log), files: files, served: served, isComplete: !isMarked || !served.isEmpty)
    let restored = Restored(
      found, packaging: packaging, targetDuration: targetDuration, now: WallTime(microseconds: Clock.wall()))
    if served.isEmpty, let last = restored.segments.last {
      // An empty box says nothing: the folder would not be relied on after a kill.
      var box = box
      try? box?.note(RecordingSegment(last))
    }
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
  func writer(log: Log, onStored: @escaping @Sendable (Int) -> Void) -> FolderWriter {
    let ours = files.filter { packaging.timestamp(of: $0.value) != nil }
      .map { SegmentName($0.key, of: packaging.codec) }
    return FolderWriter(folder: folder, playlistName: playlistName, present: ours, log: log, onStored: onStored)
  }

  var traces: Traces { Traces(folder: folder, box: box) }

  private static func openBox(_ folder: Folder, _ log: Log) -> CrashMemory? {
    do throws(SystemError) {
      return try CrashMemory(folder: folder.absolutePath)
    } catch {
      log.warning("memory: \(error); after a kill the ring begins anew")
      return nil
    }
  }

  private static func readSegments(_ folder: Folder, of codec: AudioCodec, _ log: Log) -> [Int: [UInt8]] {
    var segments: [Int: [UInt8]] = [:]
    for name in (try? folder.files()) ?? [] {
      do throws(SystemError) {
        if let segment = SegmentName(name, of: codec), segment.part == nil {
          segments[segment.sequence] = try folder.read(name)
        } else if name.hasSuffix(Folder.temporarySuffix) {
          try folder.remove(name)
        } else if !name.hasSuffix(".m3u8"), name != mark {
          log.warning("restore: \(folder.path)/\(name) is not a segment; passed over")
        }
      } catch {
        log.warning("restore: \(error); passed over")
      }
    }
    return segments
  }

  private func readPlaylist(_ log: Log) -> Playlist? {
    do {
      let bytes = try folder.read(playlistName)
      return try Playlist(text: String(decoding: bytes, as: UTF8.self), codec: packaging.codec)
    } catch let error as SystemError where error.code == ENOENT {
      return nil
    } catch {
      log.warning("restore: \(folder.path)/\(playlistName): \(error); passed over")
      return nil
    }
  }
}
