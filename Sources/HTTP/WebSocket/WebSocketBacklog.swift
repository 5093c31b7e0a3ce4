/// Messages that wait for one client, in order, and bounded.
struct WebSocketBacklog: Sendable {
  struct Entry: Sendable {
    let frame: WebSocketFrame
    let kind: WebSocketMessageKind
  }

  private let limits: WebSocketSettings.Limits
  private(set) var entries: [Entry] = []
  private var bytes = 0

  init(limits: WebSocketSettings.Limits) {
    self.limits = limits
  }

  var isEmpty: Bool { entries.isEmpty }

  /// Adds a message, and drops messages as the rules of the kinds say.
  /// - Returns: false if the client must be disconnected.
  mutating func append(_ entry: Entry) -> Bool {
    if let most = entry.kind.mostWaiting, entries.count >= most { makePlace(for: entry.kind, keeping: most - 1) }
    while entries.count >= limits.messages || entry.frame.count > limits.bytes - bytes {
      let oldest = entries.firstIndex { old in
        switch entry.kind.overflow {
        case .dropOldest: old.kind == entry.kind
        case .disconnect: old.kind.overflow == .dropOldest
        }
      }
      guard let oldest else { return entry.kind.overflow == .dropOldest }
      bytes -= entries.remove(at: oldest).frame.count
    }
    entries.append(entry)
    bytes += entry.frame.count
    return true
  }

  /// Drops the oldest messages of a kind.
  private mutating func makePlace(for kind: WebSocketMessageKind, keeping most: Int) {
    var waiting = entries.count { $0.kind == kind }
    while waiting > most, let oldest = entries.firstIndex(where: { $0.kind == kind }) {
      bytes -= entries.remove(at: oldest).frame.count
      waiting -= 1
    }
  }

  mutating func popFirst() -> Entry? {
    guard !entries.isEmpty else { return nil }
    let entry = entries.removeFirst()
    bytes -= entry.frame.count
    // A client that has taken everything costs no memory.
    if entries.isEmpty { entries = [] }
    return entry
  }

  mutating func removeAll() {
    (entries, bytes) = ([], 0)
  }
}
