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

  /// Reads a name. Each name has one spelling: no sign, no leading zero, and a sequence number of at most 15 digits, which
  /// is small enough for every reader.
  package init?(_ text: some StringProtocol, of codec: AudioCodec) {
    let fields = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (2...3).contains(fields.count), let sequence = Int(fields[0]),
      (1..<1_000_000_000_000_000).contains(sequence)
    else { return nil }
    var part: Int?
    if fields.count == 3 {
      guard let index = Int(fields[1]), index >= 0 else { return nil }
      part = index
    }
    self.init(sequence, part: part, of: codec)
    guard description == text else { return nil }
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
