import CSndFile
import Glibc

/// The bytes of an open file, as libsndfile reads them (sf_open_virtual). The file is never written to.
final class FileBytes {
  private let file: Int32
  private let length: Int
  private var offset = 0
  /// The error of the first read that has failed (errno); 0 where none has.
  private(set) var error: Int32 = 0

  /// - Parameters:
  ///   - file: stays open.
  ///   - length: bytes.
  init(_ file: Int32, length: Int) {
    (self.file, self.length) = (file, length)
  }

  /// The functions for libsndfile, whose `user_data` is a `FileBytes`.
  static var functions: SF_VIRTUAL_IO {
    SF_VIRTUAL_IO(
      get_filelen: { sf_count_t(FileBytes.at($0).length) },
      seek: { FileBytes.at($2).seek(Int($0), from: $1) },
      read: { FileBytes.at($2).read(into: $0, count: Int($1)) },
      write: { _, _, _ in 0 },
      tell: { sf_count_t(FileBytes.at($0).offset) })
  }

  private static func at(_ pointer: UnsafeMutableRawPointer?) -> FileBytes {
    Unmanaged<FileBytes>.fromOpaque(pointer!).takeUnretainedValue()
  }

  private func seek(_ distance: Int, from place: Int32) -> sf_count_t {
    let base = place == SEEK_CUR ? offset : place == SEEK_END ? length : 0
    let (target, overflow) = base.addingReportingOverflow(distance)
    guard !overflow, target >= 0 else { return -1 }
    offset = target
    return sf_count_t(offset)
  }

  private func read(into bytes: UnsafeMutableRawPointer?, count: Int) -> sf_count_t {
    let count = max(0, min(count, length - offset))
    guard let bytes, count > 0, error == 0 else { return 0 }
    let read = pread(file, bytes, count, offset)
    guard read >= 0 else {
      error = errno
      return 0
    }
    offset += read
    return sf_count_t(read)
  }
}
