import Core
import Glibc
import HLS
import System

/// The bytes that a run has served of its newest two segments, in memory that survives the process but not a reboot
/// (shm_overview(7)). Noting them costs microseconds whatever the disk does, so that none are missing after `kill -9`.
///
/// Used by one thread.
struct CrashMemory: Sendable {
  struct Content: Sendable {
    /// By media sequence number.
    var served: [Int: Restored.Served] = [:]
    /// Whether there is something that this version of ringcast has not written, so that a segment may be missing.
    var isDamaged = false
  }

  private static let slots = 2
  /// Room for more than 30 s of 320 kbit/s. Unwritten parts take no memory.
  private static let slotLength = 2 << 20
  private static let longestSegment = slotLength - CrashRecord.length

  private let name: String
  private let file: Int32
  /// The segment that was noted last: its number, the count of its bytes, and their hash.
  private var sequence = 0
  private var count = 0
  private var hash = FNV1a.basis

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

  /// Takes the memory for this process, until the process ends.
  /// - Returns: whether no other process has it.
  func lock() -> Bool {
    flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  /// Gives the memory up: another run may take it.
  func unlock() { flock(file, LOCK_UN) }

  /// The segments that were noted.
  func served() -> [Int: Restored.Served] { content().served }

  func content() -> Content {
    var content = Content()
    for slot in 0..<Self.slots {
      let head = read(CrashRecord.length, at: Self.offset(slot))
      // No segment was noted here yet.
      if head.allSatisfy({ $0 == 0 }) { continue }
      guard let record = CrashRecord(head, atMost: Self.longestSegment), record.sequence % Self.slots == slot else {
        content.isDamaged = true
        continue
      }
      let bytes = read(record.count, at: Self.offset(slot) + CrashRecord.length)
      if bytes.count != record.count || FNV1a.hash(bytes) != record.hash {
        content.isDamaged = true
      } else if !bytes.isEmpty {
        content.served[record.sequence] = Restored.Served(bytes: bytes, date: record.date)
      }
    }
    return content
  }

  /// Makes the memory as empty as a new one.
  func clear() {
    ftruncate(file, 0)
  }

  /// Notes the bytes of a segment so far, before they are sent to any client.
  mutating func note(_ open: RecordingSegment) throws(SystemError) {
    guard open.isStarted, open.bytes.count <= Self.longestSegment else { return }
    if open.sequence != sequence {
      (sequence, count, hash) = (open.sequence, 0, FNV1a.basis)
      try write(CrashRecord(sequence: sequence, date: open.date, count: 0, hash: hash).bytes, at: offset)
    }
    let more = open.bytes[count...]
    try write(Array(more), at: offset + CrashRecord.length + count)
    hash = FNV1a.hash(more, after: hash)
    count = open.bytes.count
    try write(CrashRecord(sequence: sequence, date: open.date, count: count, hash: hash).bytes, at: offset)
  }

  /// Removes the memory: the folder has the segments too, or the content is out of date.
  func remove() {
    shm_unlink(name)
  }

  private static func offset(_ slot: Int) -> Int { slot * slotLength }

  private var offset: Int { Self.offset(sequence % Self.slots) }

  /// The bytes at an offset, or fewer where the memory ends before.
  private func read(_ count: Int, at offset: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let length = pread(file, &bytes, count, offset)
    return Array(bytes.prefix(max(0, length)))
  }

  /// A record is one write within a page, and so atomic.
  private func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    guard pwrite(file, bytes, bytes.count, offset) == bytes.count else {
      throw SystemError(call: "pwrite", code: errno, subject: name)
    }
  }
}
