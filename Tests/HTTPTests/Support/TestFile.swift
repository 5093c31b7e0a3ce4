import Glibc
import System

/// A file of a test; removed at the end.
final class TestFile: Sendable {
  let path: String
  private let descriptor: Int32

  init(_ content: [UInt8]) throws {
    var name = Array("/tmp/ringcast-test-XXXXXX".utf8CString)
    descriptor = try SystemError.check("mkstemp", mkstemp(&name))
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try SystemError.check("write", write(descriptor, content, content.count))
  }

  /// A file of zeros that takes no space on the disk.
  convenience init(zeros count: Int) throws {
    try self.init([])
    resize(to: count)
  }

  deinit {
    close(descriptor)
    unlink(path)
  }

  func resize(to count: Int) {
    precondition(ftruncate(descriptor, off_t(count)) == 0, "ftruncate")
  }

  func setModified(seconds: Int, nanoseconds: Int) {
    let times = [timespec](repeating: timespec(tv_sec: seconds, tv_nsec: nanoseconds), count: 2)
    precondition(futimens(descriptor, times) == 0, "futimens")
  }
}
