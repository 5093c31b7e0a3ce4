import Core

/// A STUN or TURN server that the pages of a call use (the dictionary RTCIceServer of WebRTC).
package struct ICEServer: Equatable, Sendable {
  package let urls: [String]
  package var username: String?
  package var credential: String?

  package init(urls: [String], username: String? = nil, credential: String? = nil) {
    self.urls = urls
    self.username = username
    self.credential = credential
  }

  init(_ json: JSON) throws(RoomError) {
    let object = try JSONObject(json)
    urls = try object.strings("urls")
    username = try object.optionalString("username")
    credential = try object.optionalString("credential")
  }

  var json: JSON {
    var members: [(String, JSON)] = [("urls", .array(urls.map { .string($0) }))]
    members.append("username", username.map { .string($0) })
    members.append("credential", credential.map { .string($0) })
    return .object(members)
  }
}
