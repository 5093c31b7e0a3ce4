import Glibc

/// A folder whose files are read whole and replaced whole.
package struct Folder: Sendable {
  package static let temporarySuffix = ".tmp"

  package let path: String

  package init(_ path: String) {
    self.path = path
  }

  /// The path from the root on, without symbolic links where the folder is there (realpath).
  package var absolutePath: String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    return "\(String(cString: current))/\(path)"
  }

  /// Makes the folder and those above it; nothing where it is there.
  package func create() throws(FileError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      made += component + "/"
      if mkdir(made, 0o755) != 0, errno != EEXIST { throw FileError(call: "mkdir", path: made, code: errno) }
    }
  }

  /// The names of the regular files in it, sorted.
  package func files() throws(FileError) -> [String] {
    try entries().filter { $0.type == S_IFREG }.map(\.name)
  }

  /// The names of the folders in it, sorted.
  package func folders() throws(FileError) -> [String] {
    try entries().filter { $0.type == S_IFDIR }.map(\.name)
  }

  package func read(_ name: String) throws(FileError) -> [UInt8] {
    try File.read(location(name))
  }

  /// When the file was changed last, in seconds since 1970.
  package func modified(_ name: String) throws(FileError) -> Int {
    var status = stat()
    _ = try check("stat", name, stat(location(name), &status))
    return status.st_mtim.tv_sec
  }

  /// Writes `bytes` beside `name`, where no reader looks for them.
  /// - Parameter synced: they are on the medium when it returns (fdatasync), so that not even a power cut can leave the
  ///   name to a file that is not whole.
  package func prepare(_ name: String, _ bytes: [UInt8], synced: Bool) throws(FileError) {
    let temporary = name + Self.temporarySuffix
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    let file = try check("open", temporary, open(location(temporary), flags, 0o644))
    defer { close(file) }
    var count = 0
    while count < bytes.count {
      let step = bytes.withUnsafeBytes { write(file, $0.baseAddress! + count, $0.count - count) }
      count += try check("write", temporary, step)
    }
    if synced { _ = try check("fdatasync", temporary, fdatasync(file)) }
  }

  /// Gives what was prepared its name at one stroke: a reader sees the old file or the new, never a part.
  package func commit(_ name: String) throws(FileError) {
    _ = try check("rename", name, rename(location(name + Self.temporarySuffix), location(name)))
  }

  package func replace(_ name: String, _ bytes: [UInt8]) throws(FileError) {
    try prepare(name, bytes, synced: false)
    try commit(name)
  }

  /// Makes an empty file whose name is on the medium when it returns (fsync of the folder).
  package func mark(_ name: String) throws(FileError) {
    try prepare(name, [], synced: false)
    try commit(name)
    let file = try check("open", "", open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    defer { close(file) }
    _ = try check("fsync", "", fsync(file))
  }

  /// Removes a file; nothing where it is gone.
  package func remove(_ name: String) throws(FileError) {
    if unlink(location(name)) != 0, errno != ENOENT {
      throw FileError(call: "unlink", path: location(name), code: errno)
    }
  }

  private func entries() throws(FileError) -> [(name: String, type: mode_t)] {
    guard let directory = opendir(path) else { throw FileError(call: "opendir", path: path, code: errno) }
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

  private func check<Code: SignedInteger>(_ call: String, _ name: String, _ code: Code) throws(FileError) -> Code {
    guard code >= 0 else { throw FileError(call: call, path: location(name), code: errno) }
    return code
  }
}
