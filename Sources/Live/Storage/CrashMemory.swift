import Core
import Glibc
import HLS
import System

/// The bytes that a run has served of its newest two segments, in memory that survives the process but not a reboot
/// (shm_overview(7)). Noting them costs microseconds whatever the disk does, so that none are missing after `kill -9`.
///
/// Used by one thread.
struct CrashMemory: Sendable {
  /// Media sequence number, date in microseconds, number of valid bytes. It is one write within a page, and so atomic.
  private typealias Header = (sequence: Int, date: Int, count: Int)
  private static let slots = 2
  /// Room for more than 30 s of 320 kbit/s. Unwritten parts take no memory.
  private static let slotLength = 2 << 20

  private let name: String
  private let file: Int32
  private var sequence = 0
  private var count = 0

  /// Opens the memory of a folder, or creates it. It stays until `remove()` or a reboot.
  /// - Parameter folder: the absolute path of the folder.
  init(folder: String) throws(SystemError) {
    // A hash, because a path may be longer than a name may be.
    name = "/ringcast-\(String(FNV1a.hash(Array(folder.utf8)), radix: 16))"
    file = try SystemError.check("shm_open", shm_open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600), of: name)
    var status = stat()
    // Every user may create files where shared memory lies.
    guard fstat(file, &status) == 0, status.st_uid == geteuid() else {
      close(file)
      throw SystemError(call: "shm_open", code: EACCES, subject: name)
    }
  }

  /// The content, by media sequence number.
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

  /// Notes the bytes of a segment so far, before they are sent to any client.
  mutating func note(_ open: RecordingSegment) throws(SystemError) {
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

  /// Removes the memory: the folder has the segments too, or the content is out of date.
  func remove() {
    shm_unlink(name)
  }

  private static func offset(_ slot: Int) -> Int { slot * slotLength }

  private var offset: Int { Self.offset(sequence % Self.slots) }

  private func write(_ header: Header) throws(SystemError) {
    var header = header
    try write(&header, MemoryLayout<Header>.size, at: offset)
  }

  private func write(_ bytes: UnsafeRawPointer, _ count: Int, at offset: Int) throws(SystemError) {
    guard pwrite(file, bytes, count, offset) == count else {
      throw SystemError(call: "pwrite", code: errno, subject: name)
    }
  }
}
