import Core

/// The answer to a member that joins the call. The core gives the members; the shell adds the servers, whose credentials it
/// makes for this member.
package struct CallAnswer: Equatable, Sendable {
  package var ice: [ICEServer]
  /// Everybody in the call, with the new member.
  package let members: [MemberID]

  package init(ice: [ICEServer] = [], members: [MemberID]) {
    self.ice = ice
    self.members = members
  }

  init(_ object: JSONObject) throws(RoomError) {
    var servers: [ICEServer] = []
    for server in try object.array("ice") { servers.append(try ICEServer(server)) }
    ice = servers
    members = try object.memberIDs("members")
  }

  var fields: [(String, JSON)] {
    [("ice", .array(ice.map(\.json))), ("members", .array(members.map(\.json)))]
  }
}
