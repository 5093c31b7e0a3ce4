import Synchronization

/// What answers are sent from while it is still being written.
protocol Growing: AnyObject, Sendable {
  /// The most bytes that a reader may still have to be sent when it is finished.
  var capacity: Int { get }
  /// Whether nothing comes any more.
  var isFinished: Bool { get }
}

/// Content that is still being written: one writer appends, any number of readers follow, nothing is copied or moved.
///
/// Unchecked: bytes below `count` never change again, and `count` is published after they were written (release,
/// acquire).
package final class GrowingBody: Growing, @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer
  private let written = Atomic(0)
  private let finished = Atomic(false)

  /// - Parameter capacity: the most bytes it will ever hold; memory that is never written is never used.
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

  /// Called by the one writer; whoever reads it is sent it by `Server.sendOn()`.
  package func append(_ bytes: ArraySlice<UInt8>) {
    let offset = written.load(ordering: .relaxed)
    precondition(offset + bytes.count <= memory.count, "a growing body never exceeds its capacity")
    UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + bytes.count]).copyBytes(from: bytes)
    written.store(offset + bytes.count, ordering: .releasing)
  }

  package func finish() {
    finished.store(true, ordering: .releasing)
  }

  /// What there is, copied.
  package var array: [UInt8] { Array(bytes(from: 0, to: .max, room: capacity)) }

  /// The bytes from `offset` to `end` that are there, at most `room` of them; valid for as long as this object lives.
  func bytes(from offset: Int, to end: Int, room: Int) -> UnsafeRawBufferPointer {
    let end = min(count, end, offset + room)
    guard offset < end else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: memory[offset..<end])
  }
}
