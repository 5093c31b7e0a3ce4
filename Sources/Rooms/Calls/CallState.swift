import Core

/// The devices with which a member takes part in the call.
package struct CallState: Equatable, Sendable {
  package var camera: Bool
  package var microphone: Bool

  package init(camera: Bool, microphone: Bool) {
    self.camera = camera
    self.microphone = microphone
  }

  init(_ object: JSONObject) throws(RoomError) {
    camera = try object.bool("camera")
    microphone = try object.bool("microphone")
  }

  var json: JSON { .object([("camera", .bool(camera)), ("microphone", .bool(microphone))]) }
}
