/// The messages for one member whose page has no WebSocket, numbered from 1 on, until the page has taken them. Bounded. Pure.
struct Outbox: Sendable {
  struct Entry: Equatable, Sendable {
    let number: Int
    /// JSON.
    let text: String
  }

  private let mostEntries: Int
  private let mostBytes: Int
  private var entries: [Entry] = []
  private var bytes = 0
  /// The number of the newest message; 0 before the first one.
  private(set) var last = 0

  /// - Parameters:
  ///   - mostEntries: the most messages that wait.
  ///   - mostBytes: the most bytes of the messages that wait. A single message may have more.
  init(mostEntries: Int = 512, mostBytes: Int = 1 << 20) {
    (self.mostEntries, self.mostBytes) = (mostEntries, mostBytes)
  }

  /// Adds a message; where there are too many, the oldest ones are dropped.
  /// - Returns: the message with its number.
  @discardableResult
  mutating func append(_ text: String) -> Entry {
    last += 1
    let entry = Entry(number: last, text: text)
    entries.append(entry)
    bytes += text.utf8.count
    while entries.count > 1, entries.count > mostEntries || bytes > mostBytes { removeFirst() }
    return entry
  }

  /// The messages behind a number, which the page has taken; nil where some of them were dropped, so that the page would
  /// miss them.
  func entries(after number: Int) -> ArraySlice<Entry>? {
    guard number <= last, number >= last - entries.count else { return nil }
    return entries.suffix(last - number)
  }

  /// The page has taken the messages up to this number.
  mutating func forget(through number: Int) {
    while let first = entries.first, first.number <= number { removeFirst() }
  }

  private mutating func removeFirst() {
    bytes -= entries.removeFirst().text.utf8.count
  }
}
