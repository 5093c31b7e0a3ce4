import Glibc
package import System

/// A file, or a range of one, as the content of an answer. The file is read while the answer is sent, a slice at a time.
package final class FileContent: Sendable {
  /// The descriptor of the open file.
  let descriptor: Int32
  /// Bytes of the file.
  package let length: Int

  /// Opens a file for reading.
  /// - Parameter path: of a regular file; a symbolic link is not followed.
  package init(path: String) throws(SystemError) {
    descriptor = try SystemError.check("open", open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), of: path)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw SystemError(call: "fstat", code: EINVAL, subject: path)
    }
    length = Int(status.st_size)
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
