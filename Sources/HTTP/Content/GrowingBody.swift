import Synchronization

/// A content from which answers are sent while it is still being written.
protocol Growing: AnyObject, Sendable {
  /// The most bytes that a reader may still lack when the content is finished.
  var capacity: Int { get }
  /// Whether the content is complete.
  var isFinished: Bool { get }
}

/// Content that is still being written. One writer appends, and any number of readers follow. Nothing is copied or moved.
///
/// Unchecked: bytes below `count` never change, and `count` is published after they were written (release, acquire).
package final class GrowingBody: Growing, @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer
  private let written = Atomic(0)
  private let finished = Atomic(false)

  /// - Parameter capacity: the most bytes that the body will ever hold. Unwritten memory costs nothing.
  package init(capacity: Int) {
    memory = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit {
    memory.deallocate()
  }

  package var capacity: Int { memory.count }
  package var count: Int { written.load(ordering: .acquiring) }
  /// Whether `count` is final.
  package var isFinished: Bool { finished.load(ordering: .acquiring) }

  /// Called by the one writer. `Server.sendOn()` then sends the bytes to the readers.
  package func append(_ bytes: ArraySlice<UInt8>) {
    let offset = written.load(ordering: .relaxed)
    precondition(offset + bytes.count <= memory.count, "a growing body never exceeds its capacity")
    UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + bytes.count]).copyBytes(from: bytes)
    written.store(offset + bytes.count, ordering: .releasing)
  }

  package func finish() {
    finished.store(true, ordering: .releasing)
  }

  /// A copy of the bytes so far.
  package var array: [UInt8] { Array(bytes(from: 0, to: .max, room: capacity)) }

  /// The written bytes from `offset` to `end`, at most `room` of them; valid as long as this object lives.
  func bytes(from offset: Int, to end: Int, room: Int) -> UnsafeRawBufferPointer {
    let end = min(count, end, offset + room)
    guard offset < end else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: memory[offset..<end])
  }
}
