import Glibc

/// Reads a whole file.
package enum File {
  /// More than any configuration, list of tokens or certificate has.
  package static let longestText = 1 << 20

  /// - Parameter limit: in bytes; a longer file is an error (EFBIG).
  package static func read(_ path: String, atMost limit: Int = longestText) throws(SystemError) -> [UInt8] {
    let file = try SystemError.check("open", open(path, O_RDONLY | O_CLOEXEC), of: path)
    defer { close(file) }
    var status = stat()
    try SystemError.check("fstat", fstat(file, &status), of: path)
    // One byte more, so that one more read finds the end. A pipe has no size; its end comes when its writer closes it.
    var bytes = [UInt8](repeating: 0, count: min(status.st_size, limit) + 1)
    var count = 0
    while true {
      let step = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress! + count, $0.count - count) }
      if try SystemError.check("read", step, of: path) == 0 { return Array(bytes.prefix(count)) }
      count += step
      if count > limit { throw SystemError(call: "read", code: EFBIG, subject: path) }
      if count == bytes.count { bytes += [UInt8](repeating: 0, count: 4096) }
    }
  }
}
