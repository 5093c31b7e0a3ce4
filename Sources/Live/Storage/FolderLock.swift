import Glibc
import System

/// Keeps other processes from writing a stream's folder (flock(2)). The lock is on the folder itself, and not on its path, so
/// that a folder that somebody has removed and made anew is locked anew. The lock ends with the process, however that ends.
struct FolderLock: Sendable {
  /// Another ringcast writes there.
  struct InUse: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): another ringcast uses this folder; give one of them another --sound-dir" }
  }

  private let path: String
  /// The folder that is locked, open; nil if none is.
  private var descriptor: Int32?

  /// - Parameter path: of the folder.
  init(_ path: String) {
    self.path = path
  }

  /// Locks the folder that is at the path now. Without a folder there, or on a file system without locks, there is no lock.
  mutating func take() throws(InUse) {
    guard !isTaken else { return }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    if flock(folder, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(folder)
      throw InUse(path: path)
    }
    if let descriptor { close(descriptor) }
    descriptor = folder
  }

  /// Whether the folder at the path is the one that is locked.
  private var isTaken: Bool {
    guard let descriptor else { return false }
    var (there, held) = (stat(), stat())
    guard stat(path, &there) == 0, fstat(descriptor, &held) == 0 else { return false }
    return there.st_dev == held.st_dev && there.st_ino == held.st_ino
  }
}
