import Glibc
package import System

/// A file, or a range of one, as the content of an answer. The file is read while the answer is sent, a slice at a time.
package final class FileContent: Sendable {
  /// The descriptor of the open file.
  let descriptor: Int32
  /// Bytes of the file when it was opened.
  package let length: Int
  /// The time of the last change before the file was opened: Unix time, in whole seconds and nanoseconds.
  let modified: (seconds: Int, nanoseconds: Int)

  let access: FileAccess

  /// Opens a file for reading.
  /// - Parameters:
  ///   - path: of a regular file; a symbolic link is not followed.
  ///   - access: the way to the bytes.
  /// - Throws: the error of open(2) or fstat(2); EINVAL for another kind of file.
  package init(path: String, access: FileAccess = .kernel) throws(SystemError) {
    self.access = access
    // O_NONBLOCK: the open of a named pipe would wait for its writer.
    let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    descriptor = try SystemError.check("open", open(path, flags), of: path)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw SystemError(call: "fstat", code: EINVAL, subject: path)
    }
    length = Int(status.st_size)
    modified = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }

  deinit {
    close(descriptor)
  }

  /// A run of bytes of a file.
  package struct Slice: Sendable {
    package let file: FileContent
    package let range: Range<Int>

    package init(_ file: FileContent, _ range: Range<Int>) {
      precondition(range.lowerBound >= 0 && range.upperBound <= file.length, "a slice lies within its file")
      (self.file, self.range) = (file, range)
    }
  }
}
