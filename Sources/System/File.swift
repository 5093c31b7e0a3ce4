import Glibc

/// Reads a whole file.
package enum File {
  /// More than any configuration, list of tokens or certificate has.
  package static let longestText = 1 << 20

  /// Reads a pipe, too, up to the end that its writer makes; a named pipe that no program writes to is an error (ENODATA).
  /// - Parameter limit: in bytes; a longer file is an error (EFBIG).
  package static func read(_ path: String, atMost limit: Int = longestText) throws(SystemError) -> [UInt8] {
    // Without O_NONBLOCK, opening a named pipe waits for a writer (fifo(7)).
    let file = try SystemError.check("open", open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), of: path)
    defer { close(file) }
    var status = stat()
    try SystemError.check("fstat", fstat(file, &status), of: path)
    let isPipe = status.st_mode & S_IFMT == S_IFIFO
    // One byte more, so that one more read finds the end. A pipe has no size; its end comes when its writer closes it.
    var bytes = [UInt8](repeating: 0, count: min(status.st_size, limit) + 1)
    var count = 0
    while true {
      let step = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress! + count, $0.count - count) }
      if step < 0, errno == EAGAIN {
        try waitForInput(file, path)
        continue
      }
      if try SystemError.check("read", step, of: path) == 0 {
        if isPipe, count == 0 { throw SystemError(call: "read", code: ENODATA, subject: path) }
        return Array(bytes.prefix(count))
      }
      count += step
      if count > limit { throw SystemError(call: "read", code: EFBIG, subject: path) }
      if count == bytes.count { bytes += [UInt8](repeating: 0, count: 4096) }
    }
  }

  /// Waits until a pipe has bytes, or its writer has gone (poll(2)).
  private static func waitForInput(_ file: Int32, _ path: String) throws(SystemError) {
    var entry = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    let code = poll(&entry, 1, -1)
    if code < 0, errno == EINTR { return }
    try SystemError.check("poll", code, of: path)
  }
}
