package import Core

/// A title from a date on, until the next title begins: EXT-X-DATERANGE (rfc8216bis §4.4.5.1).
package struct DateRange: Equatable, Sendable {
  package let playing: NowPlaying
  package let start: WallTime

  package init(playing: NowPlaying, start: WallTime) {
    self.playing = playing
    self.start = start
  }

  /// The attribute list, without X-TITLE if the title is missing and without X-ARTIST if the artist is.
  package var attributes: String {
    // "An EXT-X-DATERANGE tag with an END-ON-NEXT=YES attribute MUST have a CLASS attribute. Other EXT-X-DATERANGE tags
    // with the same CLASS attribute MUST NOT specify Date Ranges that overlap."
    let range = "ID=\"\(start.microseconds)\",CLASS=\"now-playing\",START-DATE=\"\(start.text)\",END-ON-NEXT=YES"
    return [("X-TITLE", playing.title), ("X-ARTIST", playing.artist)].reduce(range) { list, attribute in
      attribute.1.map { "\(list),\(attribute.0)=\"\(Self.unquoted($0))\"" } ?? list
    }
  }

  var tag: String { "#EXT-X-DATERANGE:\(attributes)" }

  /// §4.2: "The following characters MUST NOT appear in a quoted-string: line feed (0xA), carriage return (0xD), or double
  /// quote (0x22)."
  private static func unquoted(_ text: String) -> String {
    // By scalars, not by characters: a quotation mark with an accent upon it is another character.
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\"" ? "”" : $0 }))
  }
}
