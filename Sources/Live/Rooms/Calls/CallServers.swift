import Core
import Logging
import Rooms

/// The STUN and TURN servers that the station names to the pages of a call.
struct CallServers: Sendable {
  /// The time for which a credential is valid. A page that stays in a call asks for a new credential every twenty minutes.
  static let credentialLife = 3600

  private let servers: [ICEServer]
  /// The secret that the station shares with its TURN servers; empty where there are none.
  private let secret: [UInt8]

  init(_ servers: [ICEServer], secret: [UInt8] = []) {
    (self.servers, self.secret) = (servers, secret)
  }

  /// Reads the file with the secret.
  /// - Throws: for a file that cannot be read, that every user may write, or that has not one line with a secret.
  init(_ settings: RoomSettings, log: Log) throws(InvalidInput) {
    guard let path = settings.iceSecretFile else { return self.init(settings.iceServers) }
    let file = SecretFile(path, of: .iceSecretFile)
    let secret = try file.read().trimmingWhitespace()
    guard !secret.isEmpty, !secret.contains(UInt8(ascii: "\n")) else {
      throw InvalidInput(.iceSecretFile, path, "it must have one line, the secret of the TURN servers")
    }
    file.warnOfReaders(log)
    self.init(settings.iceServers, secret: secret)
  }

  /// The servers with credentials for one member, as the page gives them to RTCPeerConnection.
  func list(for member: MemberID, at now: WallTime) -> [Rooms.ICEServer] {
    func urls(_ areRelays: Bool) -> [String] { servers.filter { $0.isRelay == areRelays }.map(\.url) }
    var list: [Rooms.ICEServer] = []
    if !urls(false).isEmpty { list.append(Rooms.ICEServer(urls: urls(false))) }
    if !urls(true).isEmpty {
      let expires = WallTime(microseconds: now.microseconds + Self.credentialLife * 1_000_000)
      let credential = TURNCredential(member: member.number, expires: expires, secret: secret)
      list.append(
        Rooms.ICEServer(urls: urls(true), username: credential.username, credential: credential.password))
    }
    return list
  }
}

extension [UInt8] {
  /// The bytes without the spaces and ends of lines at both ends.
  fileprivate func trimmingWhitespace() -> [UInt8] {
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    return Array(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
