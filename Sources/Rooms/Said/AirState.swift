import Core

/// The members who are on the air.
package struct AirState: Equatable, Sendable {
  package let stamp: Stamp
  /// Whether the room is the source of a stream and at least one member is on the air.
  package let isOn: Bool
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
