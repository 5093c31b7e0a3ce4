import Core

/// The targets that were read lately. Thousands of listeners ask for the same few, and reading one takes longer than
/// looking here.
struct TargetCache {
  private struct Entry {
    let bytes: [UInt8]
    let target: RequestTarget
  }

  private static let size = 64
  /// Longer targets are read again each time.
  private static let longest = 200

  private var entries: [Entry?] = Array(repeating: nil, count: size)

  /// The meaning of a target.
  mutating func target(_ bytes: ArraySlice<UInt8>) throws(RequestTarget.Rejection) -> RequestTarget {
    guard bytes.count <= Self.longest else { return try RequestTarget(bytes) }
    let place = Int(truncatingIfNeeded: FNV1a.hash(bytes) % UInt64(Self.size))
    if let entry = entries[place], entry.bytes.count == bytes.count, entry.bytes.elementsEqual(bytes) {
      return entry.target
    }
    let target = try RequestTarget(bytes)
    entries[place] = Entry(bytes: Array(bytes), target: target)
    return target
  }
}
