/// The messages of a room that have an id: the newest of them. Chat and other messages have limits of their own, so that
/// scores do not drive the chat out.
struct History: Equatable, Sendable {
  private struct Entry: Equatable, Sendable {
    let message: ServerMessage
    let id: Int
    let bytes: Int
    let isChat: Bool
  }

  private struct Amount: Equatable, Sendable {
    var count = 0
    var bytes = 0
    var isTooMuch: Bool { count > RoomsLimits.history || bytes > RoomsLimits.historyBytes }
  }

  /// In the order of their ids.
  private var entries: [Entry] = []
  private var chat = Amount()
  private var others = Amount()

  var messages: [ServerMessage] { entries.map(\.message) }

  /// The highest id; nil if there is no message.
  var last: Int? { entries.last?.id }

  /// The messages after an id, the oldest first.
  func messages(after id: Int) -> [ServerMessage] {
    var start = entries.endIndex
    while start > entries.startIndex, entries[start - 1].id > id { start -= 1 }
    return entries[start...].map(\.message)
  }

  /// The chat with an id.
  func chat(_ id: Int) -> ChatMessage? {
    for entry in entries where entry.id == id {
      if case .chat(let chat) = entry.message { return chat }
    }
    return nil
  }

  /// Adds a message whose id is higher than all before. A deletion removes its chat; a poll and the state of the air replace
  /// the older message about the same.
  mutating func add(_ message: ServerMessage) {
    guard let stamp = message.stamp else { return }
    switch message {
    case .deleted(let deletion): remove { $0.id == deletion.message && $0.isChat }
    case .poll(let poll): remove { if case .poll(let other) = $0.message { other.poll == poll.poll } else { false } }
    case .air: remove { if case .air = $0.message { true } else { false } }
    default: break
    }
    let isChat = if case .chat = message { true } else { false }
    let entry = Entry(message: message, id: stamp.id, bytes: message.text.utf8.count, isChat: isChat)
    entries.append(entry)
    count(entry, +1)
    while isChat ? chat.isTooMuch : others.isTooMuch, let oldest = entries.firstIndex(where: { $0.isChat == isChat }) {
      count(entries[oldest], -1)
      entries.remove(at: oldest)
    }
  }

  private mutating func remove(where isOld: (Entry) -> Bool) {
    guard let index = entries.firstIndex(where: isOld) else { return }
    count(entries[index], -1)
    entries.remove(at: index)
  }

  private mutating func count(_ entry: Entry, _ sign: Int) {
    if entry.isChat {
      chat.count += sign
      chat.bytes += sign * entry.bytes
    } else {
      others.count += sign
      others.bytes += sign * entry.bytes
    }
  }
}
