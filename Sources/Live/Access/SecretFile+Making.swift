import Glibc
import System

extension SecretFile {
  /// Random bytes (getrandom(2)), in hexadecimal digits.
  static func randomDigits(bytes count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in
      let byte = String(UInt8.random(in: .min ... .max, using: &generator), radix: 16)
      return byte.count == 1 ? "0" + byte : byte
    }.joined()
  }

  /// Makes a file with one line, or with several. A file in its place is replaced; until the disk holds the text, the file
  /// has another name.
  /// - Parameter mode: the rights; by default, only this user may read and write the file.
  static func make(_ line: String, at path: String, mode: mode_t = 0o600) throws(SystemError) {
    let unfinished = "\(path).new"
    if unlink(unfinished) != 0, errno != ENOENT {
      throw SystemError(call: "unlink", code: errno, subject: unfinished)
    }
    // O_EXCL: nobody else has made the file meanwhile, nor a link in its place.
    let file = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard file >= 0 else { throw SystemError(call: "open", code: errno, subject: unfinished) }
    defer { close(file) }
    let bytes = Array("\(line)\n".utf8)
    guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0, rename(unfinished, path) == 0 else {
      let code = errno
      unlink(unfinished)
      throw SystemError(call: "write", code: code, subject: path)
    }
  }
}
