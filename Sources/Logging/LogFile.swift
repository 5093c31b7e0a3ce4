import Glibc
package import System

/// A file that lines are added to. Used by one thread.
///
/// Lines are whole: one that was cut off, because the disk was full, is ended before the next.
package struct LogFile: Sendable {
  package struct Failure: Error {
    package let cause: FileError
    /// How many were not written whole.
    package let lines: Int
  }

  private let path: String
  private var descriptor: Int32
  private var isAtLineStart = true

  /// Opens it, or makes it, for its owner and group to read: it says who listens.
  /// - Parameter path: `-` is standard output.
  package init(_ path: String) throws(FileError) {
    self.path = path
    // A pipe that nobody reads would not be opened at all otherwise.
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK
    descriptor = path == "-" ? 1 : open(path, flags, 0o640)
    guard descriptor >= 0 else { throw FileError(call: "open", path: path, code: errno) }
  }

  /// Goes on in the file that has its name now.
  package mutating func reopen() throws(FileError) {
    guard path != "-" else { return }
    let other = try LogFile(path)
    close(descriptor)
    self = other
  }

  package mutating func append(_ lines: [String]) throws(Failure) {
    guard !lines.isEmpty else { return }
    let rest = isAtLineStart ? "" : "\n"
    let bytes = Array((rest + lines.joined()).utf8)
    var count = 0
    while count < bytes.count {
      let step = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + count, $0.count - count) }
      guard step >= 0 else {
        if errno == EINTR { continue }
        let cause = FileError(call: "write", path: path, code: errno)
        if count > 0 { isAtLineStart = bytes[count - 1] == 10 }
        throw Failure(cause: cause, lines: bytes[max(count, rest.utf8.count)...].count { $0 == 10 })
      }
      count += step
    }
    isAtLineStart = true
  }
}
