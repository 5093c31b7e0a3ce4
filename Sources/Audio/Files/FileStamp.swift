import Glibc

/// The state of a file by which a change is noticed.
struct FileStamp: Equatable {
  private let device: UInt
  private let number: UInt
  /// Bytes.
  let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  init(_ status: stat) {
    (device, number, size) = (UInt(status.st_dev), UInt(status.st_ino), Int(status.st_size))
    (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }

  /// - Throws: the error of fstat(2).
  init(of file: Int32) throws(SourceError) {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw SourceError(String(cString: strerror(errno))) }
    self.init(status)
  }

  /// Whether the file was written to within the last second.
  var isFresh: Bool {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let age = (now.tv_sec - seconds) * 1_000_000_000 + now.tv_nsec - nanoseconds
    return (0..<1_000_000_000).contains(age)
  }

  func isSameFile(as other: FileStamp) -> Bool { device == other.device && number == other.number }

  /// Whether there is another file of that name now. A file that was removed is not replaced.
  func isReplaced(at path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && !FileStamp(status).isSameFile(as: self)
  }
}
