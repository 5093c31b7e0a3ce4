extension Room {
  /// Bytes of the text by which a page knows its own message.
  private static let longestNonce = 100

  /// - Parameter isPlain: whether the text came as `client_message`; all members are then told `server_message` too.
  mutating func chat(_ index: Int, _ text: String, nonce: String? = nil, isPlain: Bool = false) throws(RoomError) {
    guard !muted.contains(members[index].id) else { throw RoomError(.notAllowed, "A host has muted you.") }
    guard nonce?.utf8.count ?? 0 <= Self.longestNonce else {
      throw RoomError(.tooLong, "The nonce has more than \(Self.longestNonce) bytes.")
    }
    let clean = Self.withoutControls(text)
    guard clean.contains(where: { !$0.isWhitespace }) else { throw RoomError(.badMessage, "The text is empty.") }
    change(index) { $0.isTyping = false }
    var chat = ChatMessage(
      stamp: stamp(), from: members[index].id, name: members[index].state.name, text: clean)
    chatCounter.add(at: now.monotonic)
    say(.chat(chat), except: nonce == nil ? nil : index)
    if let nonce {
      chat.nonce = nonce
      send(.chat(chat), to: members[index].connection)
    }
    let plain = members.indices.compactMap { isPlain || members[$0].isPlain ? members[$0].connection : nil }
    if !plain.isEmpty { actions.append(.send(.serverMessage(clean), to: plain)) }
  }

  /// A member deletes an own message; a host deletes any.
  mutating func delete(_ message: Int, by index: Int) throws(RoomError) {
    guard let chat = history.chat(message) else { throw RoomError(.noSuchMessage) }
    let member = members[index]
    if chat.from != member.id {
      try require(.moderate, of: index)
      log(Actor(member), "deleted message \(message) of \(chat.name) (member \(chat.from.number))")
    }
    say(.deleted(Deletion(stamp: stamp(), message: message, by: member.id)))
  }

  /// Without the control characters that are no line ends and no tabs.
  private static func withoutControls(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !isControl(scalar) { kept.append(scalar) }
    return String(kept)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
  }
}
