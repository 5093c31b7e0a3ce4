package import Core

/// What plays from a date on, until the next one does: EXT-X-DATERANGE (rfc8216bis §4.4.5.1).
package struct DateRange: Equatable, Sendable {
  package let playing: NowPlaying
  package let start: WallTime

  package init(playing: NowPlaying, start: WallTime) {
    (self.playing, self.start) = (playing, start)
  }

  /// The attribute list. Where nothing plays neither X-TITLE nor X-ARTIST is in it.
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
    // Not by characters: a quotation mark with an accent upon it is another one.
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\"" ? "”" : $0 }))
  }
}
