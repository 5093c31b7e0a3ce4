import Glibc
import System

/// A file that the station uses, and the right that the station needs for that (faccessat(2)).
struct CheckedFile {
  enum Use {
    case read
    /// The file may be missing: then it is made.
    case write
    /// A folder, in which files are made. The folder and its parents may be missing: then they are made.
    case makeFiles
  }

  private let path: String
  private let setting: SettingKey
  private let use: Use

  /// - Parameter setting: the setting that names the file.
  init(_ path: String, of setting: SettingKey, use: Use) {
    (self.path, self.setting, self.use) = (path, setting, use)
  }

  /// The reason why the station cannot use the file; nil where it can.
  var fault: InvalidInput? {
    do throws(SystemError) {
      switch use {
      case .read: try Self.need(R_OK, path)
      case .write: if Self.exists(path) { try Self.need(W_OK, path) } else { try Self.need(W_OK | X_OK, parent(path)) }
      case .makeFiles:
        var folder = path
        while !Self.exists(folder) { folder = parent(folder) }
        // With a slash behind it, the name of a file that is no folder is an error.
        try Self.need(W_OK | X_OK, "\(folder)/")
      }
      return nil
    } catch {
      return InvalidInput(setting, path, SettingText(error.description))
    }
  }

  private static func need(_ right: Int32, _ path: String) throws(SystemError) {
    try SystemError.check("faccessat", faccessat(AT_FDCWD, path, right, AT_EACCESS), of: path)
  }

  private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 || errno != ENOENT }

  /// The folder that holds a file: `.` for a name alone.
  private func parent(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
