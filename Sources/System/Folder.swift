import Core
import Glibc

/// A folder whose files are read and replaced as a whole.
package struct Folder: Sendable {
  package static let temporarySuffix = ".tmp"
  /// Users who are neither the owner nor in the group have no rights: a token may protect the sound.
  private static let folderMode: mode_t = 0o750
  private static let fileMode: mode_t = 0o640

  package let path: String

  package init(_ path: String) {
    self.path = path
  }

  /// The path from the root; without symbolic links if the folder exists (realpath).
  package var absolutePath: String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    guard !path.begins(with: "/"), let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    return "\(String(cString: current))/\(path)"
  }

  /// Creates the folder and its parents, unless they exist.
  package func create() throws(SystemError) {
    var made = path.begins(with: "/") ? "/" : ""
    for component in path.utf8.split(separator: UInt8(ascii: "/")) {
      made += "\(Substring(component))/"
      if mkdir(made, Self.folderMode) != 0, errno != EEXIST {
        throw SystemError(call: "mkdir", code: errno, subject: made)
      }
    }
  }

  /// The names of the regular files in the folder, sorted.
  package func files() throws(SystemError) -> [String] {
    try entries().filter { $0.type == S_IFREG }.map(\.name)
  }

  /// The names of the folders in the folder, sorted.
  package func folders() throws(SystemError) -> [String] {
    try entries().filter { $0.type == S_IFDIR }.map(\.name)
  }

  package func read(_ name: String) throws(SystemError) -> [UInt8] {
    try File.read(location(name), atMost: .max)
  }

  /// Reads a file that anybody may have put into the folder: only a regular file, and no link to one. A named pipe does not
  /// block.
  /// - Parameters:
  ///   - limit: the most bytes of the whole file; a longer file is an error (EFBIG), and is not read.
  ///   - count: how many bytes from the beginning are read.
  package func read(
    _ name: String, atMost limit: Int, first count: Int = .max
  ) throws(SystemError) -> [UInt8] {
    let path = location(name)
    let file = try SystemError.check("open", open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), of: path)
    defer { close(file) }
    var status = stat()
    try SystemError.check("fstat", fstat(file, &status), of: path)
    guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(call: "open", code: EINVAL, subject: path) }
    guard status.st_size <= limit else { throw SystemError(call: "open", code: EFBIG, subject: path) }
    var bytes = [UInt8](repeating: 0, count: min(status.st_size, count))
    var position = 0
    while position < bytes.count {
      let step = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress! + position, $0.count - position) }
      if try SystemError.check("read", step, of: path) == 0 { break }
      position += step
    }
    return Array(bytes.prefix(position))
  }

  /// The time of the file's last change, in seconds since 1970.
  package func modified(_ name: String) throws(SystemError) -> Int {
    var status = stat()
    try SystemError.check("stat", stat(location(name), &status), of: location(name))
    return status.st_mtim.tv_sec
  }

  /// Writes `bytes` to a temporary file beside `name`. `commit` gives that file the name.
  /// - Parameter synced: whether the bytes are on the medium when the call returns (fdatasync). Then even a power cut
  ///   cannot give the name to an incomplete file.
  package func prepare(_ name: String, _ bytes: [UInt8], synced: Bool) throws(SystemError) {
    let temporary = name + Self.temporarySuffix
    let path = location(temporary)
    try remove(temporary)
    // O_EXCL and O_NOFOLLOW: the file is new, so that no link that somebody has put in its place leads elsewhere.
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = try SystemError.check("open", open(path, flags, Self.fileMode), of: path)
    defer { close(file) }
    var count = 0
    while count < bytes.count {
      let step = bytes.withUnsafeBytes { write(file, $0.baseAddress! + count, $0.count - count) }
      count += try SystemError.check("write", step, of: path)
    }
    if synced { try SystemError.check("fdatasync", fdatasync(file), of: path) }
  }

  /// Gives the prepared file its name, atomically: a reader sees the old file or the new one, never a part.
  package func commit(_ name: String) throws(SystemError) {
    let path = location(name)
    try SystemError.check("rename", Glibc.rename(location(name + Self.temporarySuffix), path), of: path)
  }

  package func replace(_ name: String, _ bytes: [UInt8]) throws(SystemError) {
    try prepare(name, bytes, synced: false)
    try commit(name)
  }

  /// Gives a file another name in this folder, atomically.
  package func rename(_ path: String, to name: String) throws(SystemError) {
    try SystemError.check("rename", Glibc.rename(path, location(name)), of: path)
  }

  /// Bytes of a file.
  package func size(_ name: String) throws(SystemError) -> Int {
    var status = stat()
    try SystemError.check("stat", stat(location(name), &status), of: location(name))
    return Int(status.st_size)
  }

  /// Creates an empty file. Its name is on the medium when the call returns (fsync of the folder).
  package func mark(_ name: String) throws(SystemError) {
    try prepare(name, [], synced: false)
    try commit(name)
    try sync()
  }

  /// Puts the names of the files on the medium (fsync).
  package func sync() throws(SystemError) {
    let file = try SystemError.check("open", open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), of: location(""))
    defer { close(file) }
    try SystemError.check("fsync", fsync(file), of: location(""))
  }

  /// Removes a file, if it exists.
  package func remove(_ name: String) throws(SystemError) {
    if unlink(location(name)) != 0, errno != ENOENT {
      throw SystemError(call: "unlink", code: errno, subject: location(name))
    }
  }

  private func entries() throws(SystemError) -> [(name: String, type: mode_t)] {
    guard let directory = opendir(path) else { throw SystemError(call: "opendir", code: errno, subject: path) }
    defer { closedir(directory) }
    var entries: [(name: String, type: mode_t)] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      guard name != ".", name != "..", stat(location(name), &status) == 0 else { continue }
      entries.append((name, status.st_mode & S_IFMT))
    }
    return entries.sorted { $0.name < $1.name }
  }

  private func location(_ name: String) -> String { "\(path)/\(name)" }
}
