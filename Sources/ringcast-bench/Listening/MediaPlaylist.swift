/// The parts of a media playlist that a listener needs (RFC 8216 §4.3). Equal playlists are read once.
final class MediaPlaylist {
  struct Part: Equatable {
    let sequence: Int
    let index: Int
    let uri: String
  }

  private(set) var targetDuration = 0
  private(set) var mediaSequence = 0
  /// The URIs of the segments, in order.
  private(set) var uris: [String] = []
  private(set) var parts: [Part] = []
  private(set) var hint: Part?
  private(set) var isEnded = false

  /// Nil if the text is not a playlist.
  init?(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.first == "#EXTM3U" else { return nil }
    var partsOfSegment = 0
    for line in lines {
      if !line.hasPrefix("#") {
        uris.append(String(line))
        partsOfSegment = 0
      } else if let value = line.after("#EXT-X-TARGETDURATION:") {
        targetDuration = Int(value) ?? 0
      } else if let value = line.after("#EXT-X-MEDIA-SEQUENCE:") {
        mediaSequence = Int(value) ?? 0
      } else if let value = line.after("#EXT-X-PART:"), let uri = value.quoted("URI") {
        parts.append(Part(sequence: nextSequence, index: partsOfSegment, uri: uri))
        partsOfSegment += 1
      } else if let value = line.after("#EXT-X-PRELOAD-HINT:TYPE=PART,"), let uri = value.quoted("URI") {
        hint = Part(sequence: nextSequence, index: partsOfSegment, uri: uri)
      } else if line == "#EXT-X-ENDLIST" {
        isEnded = true
      }
    }
    guard targetDuration > 0 else { return nil }
  }

  /// The media sequence number after the last segment.
  var nextSequence: Int { mediaSequence + uris.count }
}

extension Substring {
  fileprivate func after(_ prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }

  /// A quoted string of an attribute list that holds no quoted comma before it.
  fileprivate func quoted(_ name: String) -> String? {
    for attribute in split(separator: ",") {
      if let value = attribute.after("\(name)=\"") { return String(value.dropLast()) }
    }
    return nil
  }
}
