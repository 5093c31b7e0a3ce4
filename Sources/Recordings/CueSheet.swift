/// The cue sheet beside a recording: the titles for programs that read no chapters.
package struct CueSheet: Equatable, Sendable {
  /// Most readers take no more tracks.
  private static let mostTracks = 99

  package let text: String

  package init(_ recording: Recording) {
    let name = recording.name
    var lines = [
      "REM DATE \(name.startText)", "PERFORMER \(Self.quoted(name.stream))", "TITLE \(Self.quoted(name.title))",
      "FILE \(Self.quoted(name.text)) MP3",
    ]
    // A recording without a title is one track, and the sound before the first title is a track.
    var chapters = recording.chapters
    if chapters.first?.start != 0 { chapters.insert(Recording.Chapter(start: 0, title: nil), at: 0) }
    for (index, chapter) in chapters.prefix(Self.mostTracks).enumerated() {
      lines.append("  TRACK \(Self.two(index + 1)) AUDIO")
      lines.append("    TITLE \(Self.quoted(chapter.title ?? name.stream))")
      lines.append("    INDEX 01 \(Self.time(chapter.start))")
    }
    text = lines.map { $0 + "\r\n" }.joined()
  }

  /// Minutes, seconds and 75ths of a second.
  private static func time(_ milliseconds: Int) -> String {
    let frames = milliseconds * 75 / 1000
    return "\(two(frames / 75 / 60)):\(two(frames / 75 % 60)):\(two(frames % 75))"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// A cue sheet has no way to write a quotation mark within a text.
  private static func quoted(_ text: String) -> String {
    let safe = text.unicodeScalars.map { scalar -> Unicode.Scalar in
      scalar == "\"" ? "\u{2019}" : scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar
    }
    return "\"\(String(String.UnicodeScalarView(safe)))\""
  }
}
