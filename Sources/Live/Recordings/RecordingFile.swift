import Core
import Glibc
import Recordings
import System

/// The file of a recording that is written. Each call may be repeated after it has failed: bytes are written at a place that
/// only a success moves on.
struct RecordingFile: Sendable {
  /// Another program has removed the file, or has put another in its place.
  struct Lost: Error {}

  private static let mode: mode_t = 0o640

  /// The name that the plan gave; the file's own name may have a number behind it.
  let planned: RecordingName
  let name: RecordingName
  private let folder: Folder
  private let descriptor: Int32
  /// Bytes of the tag and of the frames that were written whole.
  private(set) var size: Int
  /// The time of the last change before a file was opened that was left; nil for a new file.
  private(set) var modified: WallTime?
  /// Whether all frames are on the medium.
  private var isSynced = false
  /// Whether the name of a new file is on the medium.
  private var isNameSynced = false

  /// Makes a file of that name, or of that name and a number.
  init(_ name: RecordingName, in folder: Folder) throws(SystemError) {
    planned = name
    self.folder = folder
    var candidate = name
    while true {
      let path = "\(folder.path)/\(candidate.text)"
      // O_EXCL and O_NOFOLLOW: the file is new, so that no link that somebody has put in its place leads elsewhere.
      let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, Self.mode)
      if descriptor < 0, errno == EEXIST, let next = candidate.next {
        candidate = next
        continue
      }
      self.descriptor = try SystemError.check("open", descriptor, of: path)
      break
    }
    self.name = candidate
    size = 0
    // Another ringcast that starts does not take the file for one that a crash has left.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// Opens a file that is there.
  /// - Parameter toMend: whether the file is to be written, because a crash has left it.
  /// - Returns: nil if another recorder writes the file.
  init?(left name: RecordingName, in folder: Folder, toMend: Bool = false) throws(SystemError) {
    (planned, self.name, self.folder) = (name, name, folder)
    let path = "\(folder.path)/\(name.text)"
    let flags = (toMend ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    descriptor = try SystemError.check("open", open(path, flags), of: path)
    size = 0
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
    else {
      close()
      return nil
    }
    size = Int(status.st_size)
    modified = WallTime(microseconds: status.st_mtim.tv_sec * 1_000_000)
  }

  /// Writes the tag in front of the frames.
  mutating func describe(_ recording: Recording, isFinished: Bool = false) throws(SystemError) {
    var recording = recording
    recording.name = name
    let bytes = ID3Tag(recording, isFinished: isFinished).bytes
    try write(bytes, at: 0)
    size = max(size, bytes.count)
    try folder.replace(name.cueText, Array(CueSheet(recording).text.utf8))
  }

  mutating func append(_ bytes: [UInt8]) throws(SystemError) {
    try write(bytes, at: size)
    size += bytes.count
    isSynced = false
  }

  /// Puts the frames on the medium (fdatasync(2)).
  mutating func sync() throws {
    try checkPlace()
    guard !isSynced else { return }
    try SystemError.check("fdatasync", fdatasync(descriptor), of: path)
    if !isNameSynced { try folder.sync() }
    (isSynced, isNameSynced) = (true, true)
  }

  /// Ends the file behind its last whole frame. The frames are on the medium before the tag says that they are whole.
  mutating func finish(_ recording: Recording) throws {
    try checkPlace()
    try SystemError.check("ftruncate", ftruncate(descriptor, off_t(size)), of: path)
    try SystemError.check("fdatasync", fdatasync(descriptor), of: path)
    try describe(recording, isFinished: true)
    try SystemError.check("fdatasync", fdatasync(descriptor), of: path)
  }

  /// Cuts the file to whole frames.
  mutating func cut(at size: Int) { self.size = size }

  /// Bytes from a place on; fewer at the end of the file.
  func read(_ count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let step = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + filled, $0.count - filled, off_t(offset + filled))
      }
      if try SystemError.check("pread", step, of: path) == 0 { break }
      filled += step
    }
    return Array(bytes.prefix(filled))
  }

  /// Lets another descriptor have the file.
  func unlock() { _ = flock(descriptor, LOCK_UN) }

  func close() { _ = Glibc.close(descriptor) }

  /// Whether the file has frames behind its tag.
  var hasSound: Bool { size > ID3Tag.length }

  /// Closes and removes the file, which has no sound.
  func discard() throws(SystemError) {
    close()
    try folder.remove(name.text)
    try folder.remove(name.cueText)
  }

  private var path: String { "\(folder.path)/\(name.text)" }

  /// Whether the name still leads to the file: a disk that was pulled out, and a file that was removed, take writes without
  /// an error.
  private func checkPlace() throws {
    var (there, held) = (stat(), stat())
    guard lstat(path, &there) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw Lost() }
      throw SystemError(call: "lstat", code: errno, subject: path)
    }
    guard fstat(descriptor, &held) == 0, there.st_dev == held.st_dev, there.st_ino == held.st_ino else { throw Lost() }
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    var count = 0
    while count < bytes.count {
      let step = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + count, $0.count - count, off_t(offset + count))
      }
      count += try SystemError.check("pwrite", step, of: path)
    }
  }
}
