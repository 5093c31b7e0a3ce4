/// A client that takes so many bytes of each send, and the bytes it has got.
final class SlowClient {
  /// The most bytes of one send.
  var room: Int
  var isGone = false
  private(set) var received: [UInt8] = []
  /// The `more` of each send.
  private(set) var more: [Bool] = []

  init(room: Int = .max) {
    self.room = room
  }

  func take(_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int? {
    if isGone { return nil }
    let count = min(room, bytes.count)
    received += bytes.prefix(count)
    self.more.append(more)
    return count
  }

  /// The frames it has got: opcode and payload. All of them must be complete and short.
  var frames: [String] {
    var (rest, frames): (ArraySlice<UInt8>, [String]) = (received[...], [])
    while let start = rest.popFirst(), let length = rest.popFirst() {
      let payload = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
      switch start {
      case 0x81: frames.append(String(decoding: payload, as: UTF8.self))
      case 0x88 where payload.count >= 2:
        let code = Int(payload.first!) << 8 | Int(payload.dropFirst().first!)
        frames.append("close \(code) " + String(decoding: payload.dropFirst(2), as: UTF8.self))
      case 0x88: frames.append("close")
      case 0x89: frames.append("ping")
      case 0x8A: frames.append("pong " + String(decoding: payload, as: UTF8.self))
      default: frames.append("frame \(start)")
      }
    }
    return frames
  }

  func forget() {
    (received, more) = ([], [])
  }
}
