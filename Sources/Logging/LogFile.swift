import Glibc
package import System

/// A file to which lines are appended. Used by one thread.
///
/// Every line begins at the start of a line: a line that was cut off by a full disk is ended before the next line.
package struct LogFile: Sendable {
  package struct Failure: Error {
    package let cause: SystemError
    /// Lines that were not written completely.
    package let lines: Int
  }

  private let path: String
  private var descriptor: Int32
  private var isAtLineStart = true

  /// Opens or creates the file. Only its owner and group may read it, because it tells who listens.
  /// - Parameter path: `-` is standard output.
  package init(_ path: String) throws(SystemError) {
    self.path = path
    // Without O_NONBLOCK, opening a pipe waits for a reader.
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK
    descriptor = path == "-" ? 1 : try SystemError.check("open", open(path, flags, 0o640), of: path)
  }

  /// Continues in the file that has the path now.
  package mutating func reopen() throws(SystemError) {
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
        let cause = SystemError(call: "write", code: errno, subject: path)
        if count > 0 { isAtLineStart = bytes[count - 1] == 10 }
        throw Failure(cause: cause, lines: bytes[max(count, rest.utf8.count)...].count { $0 == 10 })
      }
      count += step
    }
    isAtLineStart = true
  }
}
