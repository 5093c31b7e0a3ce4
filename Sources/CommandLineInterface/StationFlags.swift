import Live

extension Flag {
  /// The flags that name the streams, the station and each stream, in the order of `--help`.
  static let station: [Flag] = [
    .command(
      "stream", .station, "NAME",
      "begin the stream NAME; the flags of a stream behind it are its own; default one stream, live"),
    identity(
      "name", "TEXT", "name for pages and players; default \(Identity.defaultName); behind --stream, that of the stream"
    ) { (text, identity) throws(Rule) in try identity.set(name: text) },
    identity(
      "description", "TEXT", "describe the station in a sentence, for pages and players; behind --stream, the stream"
    ) { (text, identity) throws(Rule) in try identity.set(description: text) },
    identity("genre", "TEXT", "kind of music or talk, for players; behind --stream, that of the stream") {
      (text, identity) throws(Rule) in try identity.set(genre: text)
    },
    identity("homepage", "URL", "page of the station, http:// or https://; behind --stream, that of the stream") {
      (url, identity) throws(Rule) in try identity.set(homepage: url)
    },
    identity("logo", "PATH", "picture for pages and messengers, PNG, JPEG or SVG; behind --stream, that of the stream")
    {
      (path, identity) throws(Rule) in try identity.set(logo: path)
    },
    identity("accent", "COLOUR", "colour for pages, such as #0a7 or #00aa77; behind --stream, that of the stream") {
      (colour, identity) throws(Rule) in identity.accent = try Accent(colour)
    },
  ]

  private static func identity(
    _ name: String, _ placeholder: String, _ help: String,
    apply: @escaping @Sendable (_ value: String, inout Identity) throws(Rule) -> Void
  ) -> Flag {
    .shared(
      name, .station, placeholder, help,
      station: { (value, station) throws(Rule) in try apply(value, &station.identity) },
      stream: { (value, stream) throws(Rule) in try apply(value, &stream.identity) })
  }
}
