import Core
import Logging
import Rooms

/// The STUN and TURN servers that the station names to the pages of a call.
struct CallServers: Sendable {
  /// The time for which a credential is valid, in seconds. A page that stays in a call asks for a new credential every twenty minutes.
  static let credentialLife = 3600

  private let servers: [ICEServerURL]
  /// The secret that the station shares with its TURN servers; empty where there are none.
  private let secret: [UInt8]

  init(_ servers: [ICEServerURL], secret: [UInt8] = []) {
    (self.servers, self.secret) = (servers, secret)
  }

  /// Reads the file with the secret.
  /// - Throws: for a file that cannot be read, that every user may write, or that has not one line with a secret.
  init(_ settings: RoomSettings, log: Log) throws(InvalidInput) {
    self.init(
      settings.iceServers,
      secret: try settings.iceSecretFile.map { path throws(InvalidInput) in
        try Self.secret(path, log: log)
      } ?? [])
  }

  private static func secret(_ path: String, log: Log) throws(InvalidInput) -> [UInt8] {
    let file = SecretFile(path, of: .iceSecretFile)
    guard let secret = try file.readLine() else {
      throw InvalidInput(.iceSecretFile, path, "it must have one line, the secret of the TURN servers")
    }
    file.warnOfReaders(log)
    return secret
  }

  /// Adds the servers to the answer for one member, with credentials of this member, as the page gives the servers to
  /// RTCPeerConnection.
  func add(to answer: inout CallAnswer, for member: MemberID, at now: WallTime) {
    let (relays, others) = (urls(areRelays: true), urls(areRelays: false))
    if !others.isEmpty { answer.ice.append(.init(urls: others)) }
    if !relays.isEmpty {
      let expires = WallTime(microseconds: now.microseconds + Self.credentialLife * 1_000_000)
      let credential = TURNCredential(member: member.number, expires: expires, secret: secret)
      answer.ice.append(.init(urls: relays, username: credential.username, credential: credential.password))
    }
  }

  private func urls(areRelays: Bool) -> [String] { servers.filter { $0.isRelay == areRelays }.map(\.url) }
}
