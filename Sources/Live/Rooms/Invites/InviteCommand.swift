package import Core
package import Logging
import Rooms

/// The command `--invite`: prints a link that lets its receiver into a room.
package struct InviteCommand: Equatable, Sendable {
  let room: RoomName
  let role: Role
  /// The time until the invite expires, in whole seconds.
  let lifetime: Duration

  private static let longestLifetime = 365 * 86_400

  /// - Parameters:
  ///   - role: the value of `--role`; nil is talker.
  ///   - expires: the value of `--expires`; nil is a day.
  /// - Throws: the flag, the value and the rule that the value breaks.
  package init(room: String, role: String?, expires: String?) throws(InvalidInput) {
    guard let name = RoomName(room) else {
      throw InvalidInput(
        "--invite", room,
        """
        the name of a room must be 1 to 64 of a to z, 0 to 9, - and _, begin with a letter or a digit, and be none of \
        \(RoomName.reservedWords.sorted().joined(separator: ", "))
        """)
    }
    guard let rank = Role(role ?? Role.talker.text), rank <= .host else {
      throw InvalidInput("--role", role, "it must be listener, talker or host")
    }
    guard let lifetime = Self.lifetime(expires ?? "1d") else {
      throw InvalidInput("--expires", expires, "it must be a whole number of s, m, h or d, up to 365d, such as 2h")
    }
    (self.room, self.role, self.lifetime) = (name, rank, lifetime)
  }

  /// The time that a number and a unit stand for: `90s`, `30m`, `2h`, `7d`.
  private static func lifetime(_ text: String) -> Duration? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    let digits = text.dropLast()
    guard let unit = text.last.flatMap({ units[$0] }), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int(digits), (1...longestLifetime / unit).contains(count)
    else { return nil }
    return .seconds(count * unit)
  }

  /// The link, with the scheme, the host and the port that the settings name.
  /// - Parameter now: the time at which the lifetime begins.
  /// - Throws: where the settings do not say the port, and where the key cannot be read.
  package func link(_ settings: StationSettings, now: WallTime, log: Log) throws(InvalidInput) -> String {
    let origin = try Self.origin(settings)
    guard let key = try InviteKey.read(settings, log: log) else {
      throw InvalidInput(
        .inviteKeyFile, InviteKey.path(settings), "there is no such file yet: the first start with \(.rooms) makes it")
    }
    let expires = WallTime(microseconds: now.microseconds + Int(lifetime.components.seconds) * 1_000_000)
    let invite = Invite(room: room, role: role, expires: expires, id: .random(in: .min ... .max))
    return origin + invite.path(key)
  }

  /// The origin of the station's pages (RFC 6454 §6.1), by https where the station speaks https: a microphone needs https.
  /// An IPv6 address stands in brackets (RFC 3986 §3.2.2).
  private static func origin(_ settings: StationSettings) throws(InvalidInput) -> String {
    let endpoints = settings.endpoints
    let number = endpoints.securePort ?? endpoints.port
    guard number != 0 else {
      let setting = endpoints.securePort != nil && endpoints.tlsPort != nil ? SettingKey.tlsPort : .port
      throw InvalidInput(setting, "0", "an invite needs the port that other machines reach")
    }
    let (scheme, usual) = endpoints.securePort == nil ? ("http", 80) : ("https", 443)
    let host = host(settings)
    let port = number == usual ? "" : ":\(number)"
    return "\(scheme)://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host)\(port)"
  }

  /// The name by which others reach the station: the first allowed host, or the address that the port listens on. An
  /// address that stands for all addresses is no name for others; then this is the machine's own name.
  private static func host(_ settings: StationSettings) -> String {
    if let name = settings.access.allowedHosts.first { return name }
    let host = settings.endpoints.host
    return ["0.0.0.0", "::"].contains(host) ? HostName.ofThisMachine : host
  }
}
