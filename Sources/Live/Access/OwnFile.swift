import Glibc
import Logging

/// A file that the station has made in the sound directory, where other programs may write.
struct OwnFile {
  private let path: String
  private let setting: SettingKey

  /// - Parameter setting: the setting for which the station made the file.
  init(_ path: String, of setting: SettingKey) {
    (self.path, self.setting) = (path, setting)
  }

  /// The first bytes of the file; nil where there is no file.
  /// - Throws: for a file that cannot be read, that another user has made, or that other users may write.
  func read(atMost limit: Int) throws(InvalidInput) -> [UInt8]? {
    func invalid(_ rule: SettingText) -> InvalidInput { InvalidInput(setting, path, rule) }
    // O_NOFOLLOW and O_NONBLOCK: a link in the file's place leads nowhere, and a named pipe does not block.
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if file < 0, errno == ENOENT { return nil }
    guard file >= 0 else { throw invalid("\(String(cString: strerror(errno))) (open)") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      [geteuid(), 0].contains(status.st_uid) || geteuid() == 0
    else { throw invalid("it must be a file of this user") }
    guard status.st_mode & 0o022 == 0 else {
      throw invalid("other users may write this file; chmod go-w \(path) forbids it")
    }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = Glibc.read(file, &bytes, bytes.count)
    guard count >= 0 else { throw invalid("\(String(cString: strerror(errno))) (read)") }
    return Array(bytes.prefix(count))
  }

  /// Logs a warning about a file with a secret that other users may read.
  func warnOfReaders(_ log: Log) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & 0o044 != 0 else { return }
    log.warning("access: other users may read \(path), which holds a secret; chmod go-r \(path) forbids it")
  }
}
