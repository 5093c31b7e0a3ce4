import Core

/// A page's wish to join, change or leave the call of the room.
package struct CallWish: Equatable, Sendable {
  package let isOn: Bool
  /// Nil: as before; off at the beginning.
  package var camera: Bool?
  package var microphone: Bool?

  package init(isOn: Bool, camera: Bool? = nil, microphone: Bool? = nil) {
    self.isOn = isOn
    self.camera = camera
    self.microphone = microphone
  }

  init(_ object: JSONObject) throws(RoomError) {
    isOn = try object.bool("on")
    camera = try object.optionalBool("camera")
    microphone = try object.optionalBool("microphone")
  }

  var members: [(String, JSON)] {
    var members: [(String, JSON)] = [("on", .bool(isOn))]
    members.append("camera", camera.map { .bool($0) })
    members.append("microphone", microphone.map { .bool($0) })
    return members
  }
}
