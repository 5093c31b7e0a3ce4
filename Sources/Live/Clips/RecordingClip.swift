import Codec
import Core
import Recordings
import Synchronization
import System

/// The place of a clip in a recording: the frames between two times, cut at the nearest frame that leans on none before it.
struct RecordingClip: Sendable {
  /// The request for a clip.
  struct Wish: Hashable, Sendable {
    let name: RecordingName
    /// Milliseconds of the recording.
    let from: Int
    let to: Int
  }

  /// The longest clip, in milliseconds.
  static let longest = 600_000
  /// The most bytes of a clip: ten minutes of 320 kbit/s, and some parts more. A tag of another program may name a length that
  /// the file does not have, so that a millisecond is the whole file.
  static let mostBytes = longest * 40 + 1 << 20

  /// Where the frames are in the file; never empty.
  let range: Range<Int>
  /// Milliseconds of the recording.
  let start: Int
  let end: Int

  /// Finds the borders, and reads the bytes near them alone.
  /// - Parameters:
  ///   - total: milliseconds of the recording.
  ///   - file: of the recording.
  /// - Throws: the error of the disk.
  /// - Returns: nil where the file has no frames there.
  init?(_ wish: Wish, of total: Int, in file: StoredBytes) throws(SystemError) {
    guard let tag = ID3Reader.length(try file.read(0..<10)), tag < file.count, total > 0 else { return nil }
    let scale = Scale(start: tag, end: file.count, milliseconds: total)
    let start = wish.from <= 0 ? tag : try Self.border(at: wish.from, scale, file)
    let end = wish.to >= total ? file.count : try Self.border(at: wish.to, scale, file)
    guard let start, let end, start < end else { return nil }
    range = start..<end
    (self.start, self.end) = (scale.milliseconds(at: start), scale.milliseconds(at: end))
  }

  /// The bytes of a file of a fixed bit rate, by time.
  private struct Scale {
    let start: Int
    let end: Int
    let milliseconds: Int

    func offset(at time: Int) -> Int { start + min(max(0, time), milliseconds) * (end - start) / milliseconds }

    func milliseconds(at offset: Int) -> Int { (offset - start) * milliseconds / (end - start) }

    /// Bytes of eight seconds: more than a part has.
    var reach: Int { min(1 << 19, max(1 << 15, (end - start) * 8000 / milliseconds)) }
  }

  /// The beginning of the frame nearest to a time that leans on none before it; where there is none near, of any frame.
  private static func border(at time: Int, _ scale: Scale, _ file: StoredBytes) throws(SystemError) -> Int? {
    let wanted = scale.offset(at: time)
    let begin = max(scale.start, wanted - scale.reach)
    let bytes = try file.read(begin..<min(scale.end, wanted + scale.reach))
    let frames = MP3Frames(bytes)
    func nearest(_ offsets: [Int]) -> Int? { offsets.min { abs(begin + $0 - wanted) < abs(begin + $1 - wanted) } }
    return (nearest(frames.clean) ?? nearest(frames.all)).map { begin + $0 }
  }
}

/// The frames of a run of bytes that may begin in the middle of one.
private struct MP3Frames {
  /// Where frames begin.
  private(set) var all: [Int] = []
  /// Where frames begin that lean on none before them.
  private(set) var clean: [Int] = []

  init(_ bytes: [UInt8]) {
    guard var offset = Self.first(bytes) else { return }
    while let header = MP3FrameHeader(bytes, at: offset) {
      all.append(offset)
      if header.isFirstOfReservoir(bytes, at: offset) { clean.append(offset) }
      offset += header.length
    }
  }

  /// The first place where three frames of one rate follow each other.
  private static func first(_ bytes: [UInt8]) -> Int? {
    bytes.indices.first { offset in
      guard let one = MP3FrameHeader(bytes, at: offset),
        let two = MP3FrameHeader(bytes, at: offset + one.length), two.sampleRate == one.sampleRate,
        let three = MP3FrameHeader(bytes, at: offset + one.length + two.length)
      else { return false }
      return three.sampleRate == one.sampleRate
    }
  }
}

/// The memory of the clips of recordings that are kept or on their way.
final class ClipMemory: Sendable {
  /// In bytes: a clip of ten minutes with 320 kbit/s has 24 MB.
  private static let most = 96 << 20

  private let used = Mutex(0)

  /// The right to hold a clip in memory, as long as the lease lives.
  final class Lease: Sendable {
    private let count: Int
    private let memory: ClipMemory

    fileprivate init(_ count: Int, of memory: ClipMemory) {
      (self.count, self.memory) = (count, memory)
    }

    deinit {
      memory.used.withLock { $0 -= count }
    }
  }

  /// Nil where the clips take too much memory already.
  func lease(_ count: Int) -> Lease? {
    let hasRoom = used.withLock { used in
      guard used + count <= Self.most else { return false }
      used += count
      return true
    }
    return hasRoom ? Lease(count, of: self) : nil
  }
}
