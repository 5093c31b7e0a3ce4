import Glibc

/// A file operation that failed.
package struct FileError: Error, Equatable, CustomStringConvertible {
  package let call: String
  package let path: String
  /// Of errno(3).
  package let code: Int32

  package init(call: String, path: String, code: Int32) {
    self.call = call
    self.path = path
    self.code = code
  }

  package var description: String { "\(path): \(reason)" }

  /// For a message that has named the file already.
  package var reason: String { "\(String(cString: strerror(code))) (\(call))" }
}

/// A file that is read whole.
package enum File {
  /// - Parameter limit: in bytes; a longer one is an error (EFBIG).
  package static func read(_ path: String, atMost limit: Int = .max) throws(FileError) -> [UInt8] {
    func check<Code: SignedInteger>(_ call: String, _ code: Code) throws(FileError) -> Code {
      guard code >= 0 else { throw FileError(call: call, path: path, code: errno) }
      return code
    }
    let file = try check("open", open(path, O_RDONLY | O_CLOEXEC))
    defer { close(file) }
    var status = stat()
    _ = try check("fstat", fstat(file, &status))
    // A byte more, so that one read more tells the end; a pipe has no size, and its end comes when it comes.
    var bytes = [UInt8](repeating: 0, count: min(status.st_size, limit) + 1)
    var count = 0
    while true {
      let step = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress! + count, $0.count - count) }
      if try check("read", step) == 0 { return Array(bytes.prefix(count)) }
      count += step
      if count > limit { throw FileError(call: "read", path: path, code: EFBIG) }
      if count == bytes.count { bytes += [UInt8](repeating: 0, count: 4096) }
    }
  }
}
