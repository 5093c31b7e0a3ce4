/// A frame of the server.
struct ReceivedFrame {
  let kind: FrameWriter.Kind?
  let flags: UInt8
  let stream: UInt32
  let payload: [UInt8]

  /// All frames of some bytes. The last is left out if it is not whole.
  static func list(_ bytes: [UInt8]) -> [ReceivedFrame] {
    var (frames, rest) = ([ReceivedFrame](), bytes[...])
    while rest.count >= 9 {
      let header = Array(rest.prefix(9))
      let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
      guard rest.count >= 9 + length else { break }
      frames.append(
        ReceivedFrame(
          kind: FrameWriter.Kind(rawValue: header[3]), flags: header[4],
          stream: header[5...].reduce(0) { $0 << 8 | UInt32($1) }, payload: Array(rest.dropFirst(9).prefix(length))))
      rest = rest.dropFirst(9 + length)
    }
    return frames
  }

  /// The code of a GOAWAY frame.
  static func goaway(_ bytes: [UInt8]) -> UInt32? {
    list(bytes).last { $0.kind == .goaway }.map { $0.payload[4..<8].reduce(0) { $0 << 8 | UInt32($1) } }
  }
}
