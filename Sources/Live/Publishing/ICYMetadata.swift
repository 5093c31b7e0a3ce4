import Codec
import HTTP

/// The convention of internet radios and their players since SHOUTcast: header fields that describe the station, and titles
/// between the frames for a client that asks for them with `Icy-MetaData: 1`. No standard describes it; VLC, mpv and ffmpeg
/// use it.
struct ICYMetadata: Sendable {
  /// Bytes of sound from one title to the next.
  private static let gap = 16_000
  static let interval = (name: "icy-metaint", value: "\(gap)")

  let headers: [(name: String, value: String)]
  let encoding: ICYEncoding
  /// The title that is heard at a sample of the run.
  private let title: @Sendable (_ sample: Int) -> String

  /// - Parameters:
  ///   - identity: the texts that describe the station; without a name, the name is the stream's.
  ///   - encoding: of the titles and of the texts.
  ///   - title: the title that is heard at a sample of the run.
  init(
    stream: String, _ identity: Identity = Identity(), rendition: Rendition, for audience: Audience,
    encoding: ICYEncoding = .utf8,
    title: @escaping @Sendable (_ sample: Int) -> String
  ) {
    headers =
      [
        (name: "Content-Type", value: rendition.codec.mediaType), (name: "Cache-Control", value: "no-store"),
        (name: "Accept-Ranges", value: "none"), (name: "icy-br", value: "\(rendition.kilobitsPerSecond)"),
        (name: "icy-pub", value: "0"),
      ] + Self.fields(identity, stream, encoding) + audience.headers
    self.encoding = encoding
    self.title = title
  }

  private static func fields(
    _ identity: Identity, _ stream: String, _ encoding: ICYEncoding
  ) -> [(name: String, value: String)] {
    [
      ("icy-name", identity.name ?? stream), ("icy-description", identity.description), ("icy-genre", identity.genre),
      ("icy-url", identity.homepage),
    ].compactMap { name, text in
      text.map { (name: name, value: encoding.representable($0)) }
    }
  }

  /// The titles to be put between the frames.
  /// - Parameter sample: the sample of the run at an offset into the endless stream's bytes.
  func inserts(sample: @escaping @Sendable (_ offset: Int) -> Int) -> Inserts {
    Inserts(every: Self.gap, same: [0]) { [title, encoding] offset in Self.block(title(sample(offset)), encoding) }
  }

  /// One byte with the count of 16-byte units, then as many units, which hold `StreamTitle='…';` padded with zeros.
  static func block(_ title: String, _ encoding: ICYEncoding = .utf8) -> [UInt8] {
    let (opening, closing) = (Array("StreamTitle='".utf8), Array("';".utf8))
    // Players look for the first `';`, and there is no way to quote it. The comparison is by scalars: a semicolon with an
    // accent upon it is another character, but begins with the same byte.
    var scalars = Array(encoding.representable(title).unicodeScalars)
    for index in scalars.indices.dropFirst() where scalars[index] == ";" && scalars[index - 1] == "'" {
      scalars[index - 1] = encoding.apostrophe
    }
    var text = String(String.UnicodeScalarView(scalars))
    let room = 255 * 16 - opening.count - closing.count
    while encoding.bytes(text).count > room { text.removeLast() }
    let content = opening + encoding.bytes(text) + closing
    let sixteens = (content.count + 15) / 16
    return [UInt8(sixteens)] + content + [UInt8](repeating: 0, count: 16 * sixteens - content.count)
  }
}
