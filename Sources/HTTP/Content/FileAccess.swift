import CReadNow
import Glibc

/// The ways to the bytes of a file: whether they are in memory, a read that does not wait, and one that waits for the disk. Tests
/// put a disk that hangs in their place.
package struct FileAccess: Sendable {
  /// The outcome of a read that does not wait.
  package enum Now: Equatable, Sendable {
    /// The number of bytes; 0 at the end of the file.
    case bytes(Int)
    case notInMemory
    case failed
  }

  /// Reads the bytes from a place of the file on into the buffer.
  package typealias ReadNow = @Sendable (FileContent, Int, UnsafeMutableRawBufferPointer) -> Now

  /// Bytes that are read at a time.
  private static let piece = 64 << 10

  /// Whether a read of the slice would not wait. Never waits itself.
  let isInMemory: @Sendable (FileContent.Slice) -> Bool
  /// Reads the slice, so that the bytes are in memory; may wait for ever. Returns whether all bytes came.
  let bring: @Sendable (FileContent.Slice) -> Bool
  /// Reads bytes that `isInMemory` or `bring` has found.
  let readNow: ReadNow

  package init(
    isInMemory: @escaping @Sendable (FileContent.Slice) -> Bool,
    bring: @escaping @Sendable (FileContent.Slice) -> Bool, readNow: @escaping ReadNow = Self.readNow
  ) {
    (self.isInMemory, self.bring, self.readNow) = (isInMemory, bring, readNow)
  }

  /// The file as the kernel has it. Where a file system does not know whether a read would wait (preadv2(2): EOPNOTSUPP), such as
  /// one of the network, all bytes count as not in memory.
  package static let kernel = FileAccess(
    isInMemory: { slice in
      withUnsafeTemporaryAllocation(byteCount: piece, alignment: 1) { buffer in
        var position = slice.range.lowerBound
        while position < slice.range.upperBound {
          let count = min(buffer.count, slice.range.upperBound - position)
          let read = ringcast_read_now(slice.file.descriptor, buffer.baseAddress, count, off_t(position))
          guard read == count else { return false }
          position += read
        }
        return true
      }
    },
    bring: { slice in
      withUnsafeTemporaryAllocation(byteCount: piece, alignment: 1) { buffer in
        var position = slice.range.lowerBound
        while position < slice.range.upperBound {
          let wanted = min(buffer.count, slice.range.upperBound - position)
          let count = pread(slice.file.descriptor, buffer.baseAddress, wanted, off_t(position))
          if count < 0, errno == EINTR { continue }
          guard count > 0 else { return false }
          position += count
        }
        return true
      }
    })

  package static let readNow: ReadNow = { file, position, buffer in
    let now = ringcast_read_now(file.descriptor, buffer.baseAddress, buffer.count, off_t(position))
    if now >= 0 { return .bytes(now) }
    switch errno {
    case EAGAIN, EINTR: return .notInMemory
    // The file system does not know whether the read would wait. A thread has read the bytes a moment ago.
    case EOPNOTSUPP, EINVAL, ENOSYS:
      let count = pread(file.descriptor, buffer.baseAddress, buffer.count, off_t(position))
      return count >= 0 ? .bytes(count) : .failed
    default: return .failed
    }
  }
}
