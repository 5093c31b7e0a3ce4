/// The user and the password that a relay shows to the station. A file has them, which is read at each connection.
struct RelayAccess: Equatable, Sendable {
  let user: String
  let password: String

  /// - Throws: for a file that cannot be read, that every user may write, or that is not one line `USER:PASSWORD`.
  static func read(_ path: String) throws(InvalidInput) -> RelayAccess {
    guard let line = try SecretFile(path, of: .sourcePasswordFile).readLine(), let access = RelayAccess(line) else {
      throw InvalidInput(.sourcePasswordFile, path, "for a relay, it must have one line USER:PASSWORD")
    }
    return access
  }

  /// Nil for a line that is not `USER:PASSWORD` in UTF-8.
  init?(_ line: [UInt8]) {
    let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !line.contains(0), let user = String(validating: parts[0], as: UTF8.self),
      let password = String(validating: parts[1], as: UTF8.self), !user.isEmpty
    else { return nil }
    (self.user, self.password) = (user, password)
  }
}
