import HLS
import Synchronization

/// Which sample of the run each byte of the endless stream belongs to. The capture thread adds the parts; any thread may
/// ask.
final class EndlessIndex: Sendable {
  /// A part in the endless stream.
  private struct Entry {
    /// Bytes of the endless stream before the part.
    let offset: Int
    let bytes: Int
    /// Samples of the run before the part.
    let start: Int
    let samples: Int
  }

  /// The parts that are kept: more than listeners may be behind.
  private static let most = 1024

  /// Consecutive, oldest first.
  private let entries = Mutex<[Entry]>([])

  /// Adds the next part, which begins `offset` bytes into the endless stream.
  func add(_ part: Part, at offset: Int) {
    guard !part.range.isEmpty else { return }
    let entry = Entry(offset: offset, bytes: part.range.count, start: part.start, samples: part.samples)
    entries.withLock { entries in
      if entries.count == Self.most { entries.removeFirst(Self.most / 4) }
      entries.append(entry)
    }
  }

  /// The sample of the run that is `offset` bytes into the endless stream; 0 before the first part. Within a part, before
  /// the oldest one and after the newest one, bytes are taken to be evenly spread.
  func sample(at offset: Int) -> Int {
    entries.withLock { entries in
      guard let entry = entries.last(where: { $0.offset <= offset }) ?? entries.first else { return 0 }
      return entry.start + (offset - entry.offset) * entry.samples / entry.bytes
    }
  }
}
