package import Core

/// The recordings that stay: those of a span of time, or as many as some bytes hold.
package enum RecordingKeep: Equatable, Sendable {
  case age(seconds: Int)
  case bytes(Int)

  /// A finished recording, as far as its age and its size count.
  package struct File: Equatable, Sendable {
    package let name: RecordingName
    package let milliseconds: Int
    package let size: Int
    /// The time of the file's last change; nil if it is not known.
    package let modified: WallTime?
    /// The time since this run of the program finished the file, by a clock that nobody sets; nil for a file of an earlier
    /// run.
    package let sinceFinish: Duration?

    package init(
      name: RecordingName, milliseconds: Int, size: Int, modified: WallTime? = nil, sinceFinish: Duration? = nil
    ) {
      (self.name, self.milliseconds, self.size) = (name, milliseconds, size)
      (self.modified, self.sinceFinish) = (modified, sinceFinish)
    }

    /// The end by the file's name, or the last change if that is later: the clock may have been wrong when the file began.
    private var end: Int { max(name.start.microseconds + milliseconds * 1000, modified?.microseconds ?? .min) }

    func isOlder(than seconds: Int, now: WallTime) -> Bool {
      if let sinceFinish, sinceFinish <= .seconds(seconds) { return false }
      return end < now.microseconds - seconds * 1_000_000
    }

    /// The files of earlier runs come first, whatever the clock says.
    func isOlder(than other: File) -> Bool {
      let finish = (sinceFinish ?? .seconds(Int.max / 2), other.sinceFinish ?? .seconds(Int.max / 2))
      return finish.0 == finish.1
        ? (end, name.start) < (other.end, other.name.start) : finish.0 > finish.1
    }
  }

  private static let spans = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
  private static let sizes = [("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000)]

  /// Reads `30d` or `50GB`; nil for another text.
  package init?(_ text: String) {
    func number(before unit: String) -> Int? {
      guard text.hasSuffix(unit) else { return nil }
      let digits = text.utf8.dropLast(unit.utf8.count)
      guard (1...6).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return Int(String(Substring(digits))).flatMap { $0 > 0 ? $0 : nil }
    }
    if let size = Self.sizes.lazy.compactMap({ (unit, bytes) in number(before: unit).map { $0 * bytes } }).first {
      self = .bytes(size)
    } else if let span = Self.spans.lazy.compactMap({ (unit, seconds) in number(before: unit).map { $0 * seconds } })
      .first
    {
      self = .age(seconds: span)
    } else {
      return nil
    }
  }

  /// The recordings to remove, the oldest first.
  /// - Parameters:
  ///   - files: the finished recordings of a stream.
  ///   - current: bytes of the recording that is written.
  package func pruned(_ files: [File], current: Int, now: WallTime) -> [RecordingName] {
    let sorted = files.sorted { $0.isOlder(than: $1) }
    switch self {
    case .age(let seconds):
      return sorted.filter { $0.isOlder(than: seconds, now: now) }.map(\.name)
    case .bytes(let limit):
      var total = sorted.reduce(current) { $0 + $1.size }
      return sorted.prefix { file in
        guard total > limit else { return false }
        total -= file.size
        return true
      }.map(\.name)
    }
  }
}
