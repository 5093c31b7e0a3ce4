import Glibc
import Logging
import System

/// A file that holds a key or tokens.
struct SecretFile {
  private let path: String
  private let setting: SettingText

  /// - Parameter setting: the setting that names the file.
  init(_ path: String, of setting: SettingKey) {
    self.init(path, named: "\(setting)")
  }

  /// - Parameter setting: the name of the setting, as messages spell it.
  init(_ path: String, named setting: SettingText) {
    (self.path, self.setting) = (path, setting)
  }

  /// The content.
  /// - Throws: for a file that cannot be read, and for a file that every user may write.
  func read() throws(InvalidInput) -> [UInt8] {
    try checkWriters()
    do {
      return try File.read(path)
    } catch {
      throw InvalidInput(setting, path, SettingText(error.reason))
    }
  }

  /// The only line of the file, without the spaces around it; nil where there is none or several.
  /// - Throws: as `read` does.
  func readLine() throws(InvalidInput) -> [UInt8]? {
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let line = Array(try read().drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    return line.isEmpty || line.contains(UInt8(ascii: "\n")) ? nil : line
  }

  /// - Throws: for a file that every user may write, because its content is not to be believed.
  func checkWriters() throws(InvalidInput) {
    if may(S_IWOTH) {
      throw InvalidInput(setting, path, "every user may write this file; chmod o-w \(path) forbids it")
    }
  }

  /// Logs a warning about a file that every user may read.
  func warnOfReaders(_ log: Log) {
    if may(S_IROTH) {
      log.warning("access: every user may read \(path), which holds a secret; chmod o-r \(path) forbids it")
    }
  }

  /// Whether users who are neither the owner nor in the group have a right. Only a regular file has rights of its own.
  private func may(_ right: mode_t) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & right != 0
  }
}
