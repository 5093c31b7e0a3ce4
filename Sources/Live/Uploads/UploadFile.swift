import Glibc
import System

/// A file to which the bytes of an upload are written. Its folder belongs to the station alone.
final class UploadFile: Sendable {
  let path: String
  private let descriptor: Int32

  /// Opens the file, and makes it if it is missing. A symbolic link is not followed.
  init(path: String) throws(SystemError) {
    self.path = path
    descriptor = try SystemError.check(
      "open", open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o640), of: path)
  }

  deinit {
    close(descriptor)
  }

  /// Writes bytes at a place (pwrite).
  func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let step = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress! + done, $0.count - done, offset + done) }
      if step < 0, errno == EINTR { continue }
      done += try SystemError.check("pwrite", step, of: path)
    }
  }

  /// Removes the bytes behind a place, and puts the others on the medium.
  func finish(at size: Int) throws(SystemError) {
    try SystemError.check("ftruncate", ftruncate(descriptor, size), of: path)
    try SystemError.check("fdatasync", fdatasync(descriptor), of: path)
  }
}
