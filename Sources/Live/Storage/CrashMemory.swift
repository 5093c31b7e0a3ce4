import Core
import Glibc
import HLS
import System

/// What a run has served of its newest two segments, in memory that outlives the process and not the machine
/// (shm_overview(7)). Noting costs microseconds whatever the disk does, so that after `kill -9` nothing of it is missing.
///
/// Used by one thread.
struct CrashMemory: Sendable {
  /// Media sequence number, date in microseconds, bytes that count. One write within a page: there whole, or not at all.
  private typealias Header = (sequence: Int, date: Int, count: Int)
  private static let slots = 2
  /// Room for more than 30 s of 320 kbit/s; what is never written takes no memory.
  private static let slotLength = 2 << 20

  private let name: String
  private let file: Int32
  private var sequence = 0
  private var count = 0

  /// Opens the box of the folder at that absolute path, or makes an empty one; it stays until `remove()` or the machine's
  /// end.
  init(folder: String) throws(FileError) {
    // A hash, because paths may be longer than names.
    name = "/ringcast-\(String(FNV1a.hash(Array(folder.utf8)), radix: 16))"
    file = shm_open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileError(call: "shm_open", path: name, code: errno) }
    var status = stat()
    // Everybody may make files where it lies.
    guard fstat(file, &status) == 0, status.st_uid == geteuid() else {
      close(file)
      throw FileError(call: "shm_open", path: name, code: EACCES)
    }
  }

  /// What is in it, by media sequence number.
  func served() -> [Int: Restored.Served] {
    var served: [Int: Restored.Served] = [:]
    for slot in 0..<Self.slots {
      var header: Header = (0, 0, 0)
      let length = MemoryLayout<Header>.size
      guard pread(file, &header, length, Self.offset(slot)) == length,
        (1...Self.slotLength - length).contains(header.count)
      else { continue }
      var bytes = [UInt8](repeating: 0, count: header.count)
      guard pread(file, &bytes, bytes.count, Self.offset(slot) + length) == bytes.count else { continue }
      served[header.sequence] = Restored.Served(bytes: bytes, date: WallTime(microseconds: header.date))
    }
    return served
  }

  /// Notes what there is of a segment, before anybody gets it.
  mutating func note(_ open: RecordingSegment) throws(FileError) {
    guard open.isStarted else { return }
    if open.sequence != sequence {
      (sequence, count) = (open.sequence, 0)
      try write((sequence, open.date.microseconds, 0))
    }
    let more = Array(open.bytes[count...])
    try write(more, more.count, at: offset + MemoryLayout<Header>.size + count)
    count = open.bytes.count
    try write((sequence, open.date.microseconds, count))
  }

  /// What is in it is in the folder, too, or it is not right any more.
  func remove() {
    shm_unlink(name)
  }

  private static func offset(_ slot: Int) -> Int { slot * slotLength }

  private var offset: Int { Self.offset(sequence % Self.slots) }

  private func write(_ header: Header) throws(FileError) {
    var header = header
    try write(&header, MemoryLayout<Header>.size, at: offset)
  }

  private func write(_ bytes: UnsafeRawPointer, _ count: Int, at offset: Int) throws(FileError) {
    guard pwrite(file, bytes, count, offset) == count else {
      throw FileError(call: "pwrite", path: name, code: errno)
    }
  }
}
