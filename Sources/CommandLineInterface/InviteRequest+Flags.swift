import Core
import Live

extension InviteRequest {
  /// The invite that the flags ask for; nil where no flag asks for an invite.
  init?(_ given: [Setting]) throws(InvalidInput) {
    func value(_ name: String) -> String? { given.last { $0.flag.name == name }?.value }
    let (role, expires) = (value("role"), value("expires"))
    guard let room = value("invite") else {
      if let role { throw InvalidInput("--role", role, "it needs --invite ROOM") }
      if let expires { throw InvalidInput("--expires", expires, "it needs --invite ROOM") }
      return nil
    }
    self.init(room: room)
    guard (try? StreamName(room)) != nil else {
      throw InvalidInput("--invite", room, "it must be the name of a room: 1 to 64 of a to z, 0 to 9, - and _")
    }
    if let text = role {
      guard let role = Role(rawValue: text) else {
        throw InvalidInput("--role", text, "it must be listener, talker or host")
      }
      self.role = role
    }
    if let text = expires {
      guard let lifetime = Self.lifetime(text) else {
        throw InvalidInput("--expires", text, "it must be a whole number of s, m, h or d, up to 365d, such as 2h")
      }
      self.lifetime = lifetime
    }
  }

  private static let longestLifetime = 365 * 86_400

  /// The time that a number and a unit stand for: `90s`, `30m`, `2h`, `7d`.
  private static func lifetime(_ text: String) -> Duration? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }),
      let count = try? Flag.integer(String(text.dropLast()), 1...longestLifetime), count <= longestLifetime / unit
    else { return nil }
    return .seconds(count * unit)
  }
}
