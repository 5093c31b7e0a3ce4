import Core
import HLS

/// `/NAME/played.json`: the titles of the last hours, the newest first. The same text is in the folder of the stream, for the
/// next start.
enum PlayedDocument {
  /// The most bytes that are read: each title may be escaped.
  static let longest = PlayedTitles.most * 4096

  static func json(_ played: PlayedTitles) -> JSON {
    .object([
      (
        "titles",
        .array(
          played.titles.reversed().map { range in
            guard case .object(let members) = range.playing.json else { return .null }
            return .object(members + [("start", .string(range.start.text))])
          })
      )
    ])
  }

  /// Reads the document; nil for a text that is none. An entry that is no title is left out.
  static func titles(_ content: [UInt8]) -> PlayedTitles? {
    guard case .object(let members)? = try? JSON(content),
      case .array(let entries)? = members.first(where: { $0.0 == "titles" })?.1
    else { return nil }
    return PlayedTitles(restored: entries.reversed().compactMap(range))
  }

  private static func range(_ entry: JSON) -> DateRange? {
    guard case .object(let members) = entry else { return nil }
    func text(_ name: String) -> String? {
      if case .string(let text)? = members.first(where: { $0.0 == name })?.1 { text } else { nil }
    }
    guard let start = text("start").flatMap({ WallTime($0) }),
      let playing = try? NowPlaying(title: text("title"), artist: text("artist")), playing != .nothing
    else { return nil }
    return DateRange(playing: playing, start: start)
  }
}
