import Core

/// The changes of a room's members since the message before.
package struct MembersChange: Equatable, Sendable {
  package var joined: [MemberState]
  package var changed: [MemberState]
  package var left: [MemberID]

  package init(joined: [MemberState] = [], changed: [MemberState] = [], left: [MemberID] = []) {
    self.joined = joined
    self.changed = changed
    self.left = left
  }

  init(_ object: JSONObject) throws(RoomError) {
    self.init()
    for state in try object.array("joined") { joined.append(try MemberState(state)) }
    for state in try object.array("changed") { changed.append(try MemberState(state)) }
    left = try object.memberIDs("left")
  }

  var fields: [(String, JSON)] {
    [
      ("joined", .array(joined.map(\.json))), ("changed", .array(changed.map(\.json))),
      ("left", .array(left.map(\.json))),
    ]
  }
}
