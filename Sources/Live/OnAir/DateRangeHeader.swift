import HLS

extension DateRange {
  /// A header field of a segment that begins to grow, with the title that plays then. A listener that follows growing
  /// segments needs no playlist, and gets the title with the sound. The value has the attributes of EXT-X-DATERANGE;
  /// characters outside of ASCII are percent-encoded (RFC 3986 §2.1).
  var field: (name: String, value: String) {
    let value = attributes.utf8.reduce(into: "") { text, byte in
      if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return (name: "Ringcast-Date-Range", value: value)
  }
}
