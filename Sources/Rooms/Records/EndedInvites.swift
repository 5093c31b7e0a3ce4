import Core

/// The invites that a ban has ended, each until it would expire. Where there are too many, the one that expires first goes.
package struct EndedInvites: Equatable, Sendable {
  private(set) var ends: [UInt64: WallTime] = [:]

  package init() {}

  func holds(_ invite: UInt64?, at now: WallTime) -> Bool { invite.flatMap { ends[$0] }.map { now < $0 } ?? false }

  /// - Parameter end: the time at which the invite expires.
  mutating func add(_ invite: UInt64, until end: WallTime, at now: WallTime) {
    ends = ends.filter { now < $0.value }
    guard now < end else { return }
    ends[invite] = max(end, ends[invite] ?? end)
    guard ends.count > RoomsLimits.endedInvites, let first = ends.min(by: { $0.value < $1.value }) else { return }
    ends[first.key] = nil
  }

  // MARK: JSON

  init(_ values: [JSON]) throws(RoomError) {
    guard values.count <= RoomsLimits.endedInvites else { throw RoomError(.badMessage, "There are too many invites.") }
    for value in values {
      let object = try JSONObject(value)
      guard let id = UInt64(try object.string("id"), radix: 16) else {
        throw RoomError(.badMessage, "id must be the number of an invite.")
      }
      ends[id] = try object.date("expires")
    }
  }

  var json: JSON {
    .array(
      ends.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map { id, end in
        .object([("id", .string(String(id, radix: 16))), ("expires", .string(end.text))])
      })
  }
}
