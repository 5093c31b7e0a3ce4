import Core
import HTTP

/// The name and password that a page shows to a TURN server.
///
/// The scheme is that of coturn's option `use-auth-secret`, which is the draft
/// "A REST API For Access To TURN Services" (draft-uberti-behave-turn-rest-00 §2.2).
struct TURNCredential: Equatable, Sendable {
  /// The seconds since 1970 at which the server stops to accept the credential, a colon, and the number of the member.
  let username: String
  /// The base64 of the HMAC-SHA1 of the username.
  let password: String

  /// - Parameter secret: the secret that the station shares with the TURN server.
  init(member: Int, expires: WallTime, secret: [UInt8]) {
    username = "\(expires.microseconds / 1_000_000):\(member)"
    password = Base64.encode(HMAC(.sha1, key: secret).code(of: Array(username.utf8)))
  }
}
