import HTTP

/// What internet radios and their players have agreed upon since SHOUTcast: header fields that tell of the station, and
/// titles between the frames for whoever asks for them with `Icy-MetaData: 1`. No standard says so; VLC, mpv and ffmpeg do
/// it.
struct ICYMetadata: Sendable {
  /// Bytes of sound from one title to the next.
  private static let gap = 16_000
  static let interval = (name: "icy-metaint", value: "\(gap)")

  let headers: [(name: String, value: String)]
  let inserts: Inserts

  /// - Parameters:
  ///   - bitrate: in kbit/s.
  ///   - title: what is heard at a place, in bytes of sound from the stream's beginning.
  init(
    stream: String, bitrate: Int, for audience: Audience, title: @escaping @Sendable (_ offset: Int) -> String
  ) {
    headers =
      [
        (name: "Content-Type", value: "audio/mpeg"), (name: "Cache-Control", value: "no-store"),
        (name: "Accept-Ranges", value: "none"), (name: "icy-name", value: stream),
        (name: "icy-br", value: "\(bitrate)"), (name: "icy-pub", value: "0"),
      ] + audience.headers
    inserts = Inserts(every: Self.gap, same: [0]) { Self.block(title($0)) }
  }

  /// A count of sixteens, and so many times sixteen bytes of `StreamTitle='…';` and zeros.
  static func block(_ title: String) -> [UInt8] {
    let (opening, closing) = (Array("StreamTitle='".utf8), Array("';".utf8))
    // Players look for the first `';`, and there is no way to quote it. By scalars, because a semicolon with an accent upon
    // it is another character, and begins with the same byte.
    var scalars = Array(title.unicodeScalars)
    for index in scalars.indices.dropFirst() where scalars[index] == ";" && scalars[index - 1] == "'" {
      scalars[index - 1] = "’"
    }
    var text = String(String.UnicodeScalarView(scalars))
    let room = 255 * 16 - opening.count - closing.count
    while text.utf8.count > room { text.removeLast() }
    let content = opening + text.utf8 + closing
    let sixteens = (content.count + 15) / 16
    return [UInt8(sixteens)] + content + [UInt8](repeating: 0, count: 16 * sixteens - content.count)
  }
}
