package import Core

/// The number of a message in its room, and the moment of the message.
package struct Stamp: Equatable, Sendable {
  /// Only rises, over restarts of the server too. JavaScript reads it without loss.
  package let id: Int
  package let time: WallTime
  /// Nil for a room that has not the name of a stream.
  package let position: StreamPosition?

  package init(id: Int, time: WallTime, position: StreamPosition? = nil) {
    self.id = id
    self.time = time
    self.position = position
  }

  init(_ object: JSONObject) throws(RoomError) {
    id = try object.integer("id")
    time = try object.date("time")
    guard let stream = try object.optionalString("stream") else {
      position = nil
      return
    }
    position = StreamPosition(stream: stream, sample: try object.integer("sample"), date: try object.date("date"))
  }

  static let reservedFields: Set<String> = ["id", "time", "stream", "sample", "date"]

  /// The members of a message behind its own: time and position.
  var fields: [(String, JSON)] {
    var fields: [(String, JSON)] = [("time", .string(time.text))]
    if let position {
      fields.append(("stream", .string(position.stream)))
      fields.append(("sample", .number(position.sample)))
      fields.append(("date", .string(position.date.text)))
    }
    return fields
  }
}
