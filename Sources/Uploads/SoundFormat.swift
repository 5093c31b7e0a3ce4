/// A format of uploaded sound, recognised by its first bytes and never by a name.
package enum SoundFormat: String, CaseIterable, Sendable {
  case webm, ogg, mp4, mp3, wav, flac, aac, aiff

  /// The bytes that are enough to recognise every format.
  package static let recognisable = 96

  /// - Parameter head: the first bytes of the sound, `recognisable` of them unless there are fewer.
  /// - Returns: nil for anything else, such as a playlist or a text.
  package init?(_ head: some Collection<UInt8>) {
    let bytes = Array(head.prefix(Self.recognisable))
    func has(_ text: String, at offset: Int) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
    func contains(_ text: String) -> Bool { bytes.indices.contains { has(text, at: $0) } }
    if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
      // RFC 8794 §11.2.6: the DocType is in the first element.
      guard contains("webm") || contains("matroska") else { return nil }
      self = .webm
    } else if has("OggS", at: 0) {
      // RFC 3533 §4: the first page has the first packet, which names the codec.
      guard ["OpusHead", "\u{1}vorbis", "\u{7F}FLAC", "Speex   "].contains(where: contains) else { return nil }
      self = .ogg
    } else if has("ftyp", at: 4) {
      self = .mp4
    } else if has("RIFF", at: 0), has("WAVE", at: 8) {
      self = .wav
    } else if has("FORM", at: 0), has("AIFF", at: 8) || has("AIFC", at: 8) {
      self = .aiff
    } else if has("fLaC", at: 0) {
      self = .flac
    } else if has("ID3", at: 0), bytes.count >= 10, bytes[3] < 0xFF, bytes[6...9].allSatisfy({ $0 < 0x80 }) {
      self = .mp3
    } else if bytes.count >= 4, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 {
      // ISO/IEC 13818-7 §6.2: the syncword of ADTS, and layer 0.
      guard (bytes[2] >> 2) & 0x0F < 13 else { return nil }
      self = .aac
    } else if bytes.count >= 4, bytes[0] == 0xFF, bytes[1] & 0xE6 == 0xE2, bytes[1] & 0x18 != 0x08,
      bytes[2] >> 4 != 0, bytes[2] >> 4 != 15, bytes[2] & 0x0C != 0x0C
    {
      // ISO/IEC 11172-3 §2.4.1.3: the syncword, layer III, a bit rate and a sample rate.
      self = .mp3
    } else {
      return nil
    }
  }

  /// The ending of the file's name.
  package var ending: String { self == .mp4 ? "m4a" : rawValue }

  package var mediaType: String {
    switch self {
    case .webm: "audio/webm"
    case .ogg: "audio/ogg"
    case .mp4: "audio/mp4"
    case .mp3: "audio/mpeg"
    case .wav: "audio/wav"
    case .flac: "audio/flac"
    case .aac: "audio/aac"
    case .aiff: "audio/aiff"
    }
  }

  /// The name of ffmpeg's demuxer, which reads this format and no other.
  package var demuxer: String {
    switch self {
    case .webm: "matroska"
    case .mp4: "mov"
    case .ogg, .mp3, .wav, .flac, .aac, .aiff: rawValue
    }
  }
}
