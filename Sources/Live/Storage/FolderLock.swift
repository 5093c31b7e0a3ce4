import Glibc
import Synchronization
import System

/// Keeps other processes from writing a stream's folder (flock(2)). The lock is on the folder itself, and not on its path, so
/// that a folder that somebody has removed and made anew is locked anew. The lock ends with the process, however that ends.
final class FolderLock: Sendable {
  /// Another ringcast writes there.
  struct InUse: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): another ringcast uses this folder; give one of them another --sound-dir" }
  }

  /// An open folder, which is closed when nobody refers to it any more.
  private final class OpenFolder: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) {
      self.descriptor = descriptor
    }

    deinit { close(descriptor) }
  }

  private let path: String
  /// The folder that is locked; nil if none is.
  private let folder = Mutex<OpenFolder?>(nil)

  /// - Parameter path: of the folder.
  init(_ path: String) {
    self.path = path
  }

  /// Locks the folder that is at the path now. Without a folder there, or on a file system without locks, there is no lock.
  func take() throws(InUse) {
    guard !isTaken else { return }
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    let taken = OpenFolder(descriptor)
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { throw InUse(path: path) }
    folder.withLock { $0 = taken }
  }

  /// Unlocks the folder.
  func release() {
    let held = folder.withLock { folder in
      defer { folder = nil }
      return folder
    }
    if let held { flock(held.descriptor, LOCK_UN) }
  }

  /// Whether the folder at the path is the one that is locked.
  private var isTaken: Bool {
    guard let descriptor = folder.withLock({ $0?.descriptor }) else { return false }
    var (there, held) = (stat(), stat())
    guard stat(path, &there) == 0, fstat(descriptor, &held) == 0 else { return false }
    return there.st_dev == held.st_dev && there.st_ino == held.st_ino
  }
}
