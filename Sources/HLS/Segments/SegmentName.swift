package import Codec

/// The name of a segment or of one of its parts: `12.mp3`, `12.3.mp3`. It is the file's name in the folder and the last
/// component of the URL.
package struct SegmentName: Hashable, Sendable {
  /// The segment's media sequence number.
  package let sequence: Int
  /// The part's number within the segment, from 0; nil for the segment itself.
  package let part: Int?
  private let fileExtension: String

  package init(_ sequence: Int, part: Int? = nil, of codec: AudioCodec) {
    self.sequence = sequence
    self.part = part
    fileExtension = codec.fileExtension
  }

  /// Reads a name. Each name has one spelling: no sign, no leading zero, and numbers of at most 15 digits, which is small
  /// enough for every reader.
  package init?(_ text: String, of codec: AudioCodec) {
    self.init(Substring(text).utf8, of: codec)
  }

  package init?(_ bytes: Substring.UTF8View, of codec: AudioCodec) {
    var rest = bytes
    guard let sequence = Self.number(&rest), sequence > 0 else { return nil }
    let part = Self.number(&rest)
    guard rest.elementsEqual(codec.fileExtension.utf8) else { return nil }
    self.init(sequence, part: part, of: codec)
  }

  /// Takes a decimal number and the point behind it; nil where the bytes do not begin with both.
  private static func number(_ bytes: inout Substring.UTF8View) -> Int? {
    guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let digits = bytes[..<point]
    let isCanonical = digits.first != UInt8(ascii: "0") || digits.count == 1
    guard isCanonical, (1...15).contains(digits.count) else { return nil }
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    bytes = bytes[point...].dropFirst()
    return number
  }

  /// The URI in a playlist.
  /// - Parameters:
  ///   - folder: stands in front of the name, with its slash.
  ///   - query: stands behind a question mark; nil for none.
  func uri(in folder: String, query: String?) -> String {
    "\(folder)\(self)\(query.map { "?\($0)" } ?? "")"
  }
}

extension SegmentName: CustomStringConvertible {
  package var description: String {
    part.map { "\(sequence).\($0).\(fileExtension)" } ?? "\(sequence).\(fileExtension)"
  }
}
