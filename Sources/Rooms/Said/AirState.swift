import Core

/// Whether the room is on the air, and the members who have agreed to be.
package struct AirState: Equatable, Sendable {
  package let stamp: Stamp
  package let isOn: Bool
  /// The members who have agreed to be on the air. They are on the air while the room is.
  package let members: [MemberID]

  package init(stamp: Stamp, isOn: Bool, members: [MemberID]) {
    self.stamp = stamp
    self.isOn = isOn
    self.members = members
  }

  init(_ object: JSONObject) throws(RoomError) {
    stamp = try Stamp(object)
    isOn = try object.bool("on")
    members = try object.memberIDs("members")
  }

  var fields: [(String, JSON)] {
    [("id", .number(stamp.id)), ("on", .bool(isOn)), ("members", .array(members.map(\.json)))] + stamp.fields
  }
}
