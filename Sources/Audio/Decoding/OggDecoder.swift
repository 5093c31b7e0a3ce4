/// Decodes Ogg Vorbis, Ogg Opus and Ogg FLAC, link after link.
final class OggDecoder: SoundDecoder {
  /// The codec of a logical stream, by its first packet.
  private enum Codec {
    case vorbis, opus, flac

    init?(_ first: [UInt8]) {
      if first.starts(with: [1] + Array("vorbis".utf8)) {
        self = .vorbis
      } else if first.starts(with: "OpusHead".utf8) {
        self = .opus
      } else if first.starts(with: [0x7F] + Array("FLAC".utf8)) {
        self = .flac
      } else {
        return nil
      }
    }
  }

  private let reader: OggReader
  private var link: (any SoundDecoder)?

  init(_ bytes: any EncodedBytes) {
    reader = OggReader(bytes)
  }

  func next() throws(DecodingError) -> DecodedPiece? {
    while true {
      if let piece = try link?.next() { return piece }
      link = nil
      guard let first = try reader.nextLink(isKnown: { Codec($0) != nil }), let codec = Codec(first.bytes) else {
        return nil
      }
      link =
        switch codec {
        case .vorbis: try VorbisDecoder(first, reader)
        case .opus: try OggOpusDecoder(first, reader)
        case .flac: try FLACDecoder(first, reader)
        }
    }
  }
}
