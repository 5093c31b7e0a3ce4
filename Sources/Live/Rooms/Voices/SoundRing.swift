import Synchronization

/// Records of bytes on their way from one thread to one other: neither ever waits, and none allocates memory. A record that
/// finds no place is refused.
///
/// Unchecked: one thread calls `push` and one thread calls `pop`. A record belongs to the thread that pushes until `written`
/// says that it is there, and to the thread that pops until `read` says that it is not needed any more.
final class SoundRing: @unchecked Sendable {
  /// The first bytes of each record.
  private struct Head: BitwiseCopyable {
    /// Bytes of the record without its head; `skip` where the rest of the memory is empty.
    var count: Int32
    var kind: UInt32
    var tag: Int
  }

  private static let headSize = MemoryLayout<Head>.stride
  private static let skip: Int32 = -1

  /// Bytes; a power of two.
  let capacity: Int
  private let memory: UnsafeMutableRawPointer
  /// Bytes since the start, with those that were left empty.
  private let written = Atomic(0)
  private let read = Atomic(0)

  /// - Parameter capacity: at least this many bytes. Memory that no record has used yet costs nothing.
  init(capacity: Int) {
    var size = 4096
    while size < capacity { size *= 2 }
    self.capacity = size
    memory = .allocate(byteCount: size, alignment: Self.headSize)
  }

  deinit {
    memory.deallocate()
  }

  /// Adds a record.
  /// - Parameters:
  ///   - kind: a number for the reader.
  ///   - tag: another one.
  /// - Returns: false if there is no place.
  func push(_ bytes: UnsafeRawBufferPointer, kind: UInt32 = 0, tag: Int) -> Bool {
    push(count: bytes.count, kind: kind, tag: tag) { place in
      if let start = bytes.baseAddress { place.copyMemory(from: start, byteCount: bytes.count) }
    }
  }

  /// Adds a record whose bytes the closure writes.
  /// - Returns: false if there is no place; the closure is not called then.
  func push(count: Int, kind: UInt32 = 0, tag: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> Bool {
    let size = Self.size(count)
    let end = written.load(ordering: .relaxed)
    let free = capacity - (end - read.load(ordering: .acquiring))
    var place = end & (capacity - 1)
    // A record is never split: the rest of the memory stays empty if it is too short.
    let rest = capacity - place
    let left = rest < size ? rest : 0
    guard left + size <= free else { return false }
    if left > 0 {
      store(Head(count: Self.skip, kind: 0, tag: 0), at: place)
      place = 0
    }
    store(Head(count: Int32(count), kind: kind, tag: tag), at: place)
    write(memory + place + Self.headSize)
    written.store(end + left + size, ordering: .releasing)
    return true
  }

  /// Takes the oldest record.
  /// - Parameter body: gets the bytes, which are valid during the call.
  /// - Returns: false if there is none.
  @discardableResult
  func pop(_ body: (_ bytes: UnsafeRawBufferPointer, _ kind: UInt32, _ tag: Int) -> Void) -> Bool {
    let end = written.load(ordering: .acquiring)
    var start = read.load(ordering: .relaxed)
    guard start != end else { return false }
    var place = start & (capacity - 1)
    var head = memory.load(fromByteOffset: place, as: Head.self)
    if head.count == Self.skip {
      start += capacity - place
      place = 0
      head = memory.load(fromByteOffset: 0, as: Head.self)
    }
    body(UnsafeRawBufferPointer(start: memory + place + Self.headSize, count: Int(head.count)), head.kind, head.tag)
    read.store(start + Self.size(Int(head.count)), ordering: .releasing)
    return true
  }

  /// Whether there is no record at this moment.
  var isEmpty: Bool { written.load(ordering: .acquiring) == read.load(ordering: .acquiring) }

  private func store(_ head: Head, at place: Int) {
    memory.storeBytes(of: head, toByteOffset: place, as: Head.self)
  }

  /// The bytes that a record takes: whole heads, so that the next head has a place before the end.
  private static func size(_ count: Int) -> Int {
    headSize + (count + headSize - 1) / headSize * headSize
  }
}
