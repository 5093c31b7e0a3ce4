import Core

/// The name under which a browser saves a clip, and the text that tells a clip from others.
enum ClipName {
  /// A date as a name of a file may have it: `2026-11-30T13-04-05Z`.
  static func stamp(_ date: WallTime) -> String {
    String(date.text.prefix(19).map { $0 == ":" ? "-" : $0 }) + "Z"
  }

  /// The opaque text of a strong validator (RFC 9110 §8.8.3).
  /// - Parameters:
  ///   - places: the numbers that name the frames.
  ///   - tag: the bytes in front of the frames: an operator may change the title in them.
  static func entityTag(_ places: [Int], _ tag: [UInt8]) -> String {
    (places.map { String($0, radix: 16) } + [String(FNV1a.hash(tag), radix: 16)]).joined(separator: "-")
  }

  /// - Parameter name: without an ending, and without a character that needs quoting (RFC 6266 §4.1).
  static func field(_ name: String) -> (name: String, value: String) {
    (name: "Content-Disposition", value: "inline; filename=\"\(name)-clip.mp3\"")
  }
}
