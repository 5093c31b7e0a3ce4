import Core

/// The users who may be the source of a stream, and their passwords. Pure.
struct SourcePasswords: Sendable {
  /// The user of a line without a user, and of most source clients.
  static let defaultUser = "source"
  static let most = 1000
  /// Bytes of a user or a password.
  private static let longest = 128

  private struct Entry {
    let user: String
    let key: (user: SIMD16<UInt64>, password: SIMD16<UInt64>)
  }

  private let entries: [Entry]

  /// - Parameter text: a line `password` or `user:password` for each DJ; a line that begins with a number sign is a comment.
  /// - Throws: the rule for the first line that is invalid, with the line's number. No message has a password.
  init(_ text: String) throws(InvalidInput.Rule) {
    var entries: [Entry] = []
    let lines: [Substring]
    do {
      lines = try TextLines.of(text)
    } catch {
      throw InvalidInput.Rule(SettingText("\(error)"))
    }
    for (index, line) in lines.enumerated() {
      let line = line.trimmed
      if line.isEmpty || line.begins(with: "#") { continue }
      let colon = line.utf8.firstIndex(of: UInt8(ascii: ":"))
      let user = colon.map { String(line[..<$0]) } ?? Self.defaultUser
      let password = colon.map { String(Substring(line.utf8[$0...].dropFirst())) } ?? String(line)
      guard !user.isEmpty, !password.isEmpty, let key = Self.key(user, password) else {
        throw InvalidInput.Rule(
          "line \(index + 1): it must be a password, or a user, a colon and a password, each of 1 to \(Self.longest) bytes"
        )
      }
      entries.append(Entry(user: user, key: key))
    }
    guard !entries.isEmpty else { throw InvalidInput.Rule("it must hold a line with a password, or user:password") }
    guard entries.count <= Self.most else { throw InvalidInput.Rule("it must hold \(Self.most) passwords at the most") }
    self.entries = entries
  }

  /// Whether a user has this password. The time tells neither which user exists, nor how much of a password is right: every
  /// entry is compared, each time with all bytes.
  func accept(user: String, password: String) -> Bool {
    guard let shown = Self.key(user, password) else { return false }
    var count = 0
    for entry in entries {
      let difference = (entry.key.user ^ shown.user) | (entry.key.password ^ shown.password)
      var sum: UInt64 = 0
      for index in difference.indices { sum |= difference[index] }
      count += sum == 0 ? 1 : 0
    }
    return count > 0
  }

  private static func key(_ user: String, _ password: String) -> (user: SIMD16<UInt64>, password: SIMD16<UInt64>)? {
    guard let user = padded(user), let password = padded(password) else { return nil }
    return (user, password)
  }

  /// The bytes, and zeros behind them; nil for a text that is too long, or has a zero itself.
  private static func padded(_ text: String) -> SIMD16<UInt64>? {
    guard text.utf8.count <= longest, !text.utf8.contains(0) else { return nil }
    var words = SIMD16<UInt64>()
    for (index, byte) in text.utf8.enumerated() { words[index / 8] |= UInt64(byte) << (index % 8 * 8) }
    return words
  }
}

extension Substring {
  /// Without white space at both ends.
  fileprivate var trimmed: Substring {
    var rest = drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
