import CNGHTTP2
import Glibc

/// The allocator of one session of libnghttp2. It counts the bytes, and refuses more than the limit.
final class SessionMemory {
  /// Bytes that are allocated, as malloc rounds them.
  fileprivate(set) var bytes = 0
  /// Whether an allocation was refused.
  fileprivate(set) var isExhausted = false
  fileprivate let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// The functions for `nghttp2_session_server_new3`. This object must live as long as the session.
  var functions: nghttp2_mem {
    nghttp2_mem(
      mem_user_data: Unmanaged.passUnretained(self).toOpaque(),
      malloc: { size, memory in SessionMemory.of(memory).resize(nil, to: size) },
      free: { block, memory in SessionMemory.of(memory).free(block) },
      calloc: { count, size, memory in SessionMemory.of(memory).clear(count, size) },
      realloc: { block, size, memory in SessionMemory.of(memory).resize(block, to: size) })
  }

  private static func of(_ pointer: UnsafeMutableRawPointer?) -> SessionMemory {
    Unmanaged<SessionMemory>.fromOpaque(pointer!).takeUnretainedValue()
  }

  private func resize(_ block: UnsafeMutableRawPointer?, to size: Int) -> UnsafeMutableRawPointer? {
    let before = malloc_usable_size(block)
    guard admits(size - before) else { return nil }
    return count(realloc(block, size), instead: before)
  }

  private func clear(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
    guard admits(count * size) else { return nil }
    return self.count(calloc(count, size), instead: 0)
  }

  private func free(_ block: UnsafeMutableRawPointer?) {
    bytes -= malloc_usable_size(block)
    Glibc.free(block)
  }

  private func admits(_ more: Int) -> Bool {
    if bytes + more > limit { isExhausted = true }
    return bytes + more <= limit
  }

  private func count(_ block: UnsafeMutableRawPointer?, instead before: Int) -> UnsafeMutableRawPointer? {
    if block != nil { bytes += malloc_usable_size(block) - before }
    return block
  }
}
