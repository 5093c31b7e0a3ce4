/// Encoded sound, byte by byte. It belongs to one thread.
package protocol EncodedBytes: AnyObject {
  /// Blocks until bytes are there, and writes as many as are there and fit.
  /// - Returns: the number of bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int
}

/// Decodes encoded sound piece by piece. It belongs to one thread.
///
/// Bytes that are damaged are left out, and the sound goes on behind them. The owner bounds the bytes without sound, through
/// `EncodedBytes`: no decoder gives up by itself because of damage, except at the beginning.
package protocol SoundDecoder: AnyObject {
  /// Blocks until the next piece is decoded.
  /// - Returns: nil at the end of the bytes.
  /// - Throws: for bytes that are no sound of this format.
  func next() throws(DecodingError) -> DecodedPiece?
}

/// A result of a decoder.
package enum DecodedPiece: Equatable, Sendable {
  /// Interleaved frames at full scale 2^31, of one or two channels.
  case sound([Int32], PCMFormat)
  /// The tags of the sound that follows.
  case tags(SoundTags)
}

/// The title and the artist that encoded sound names, as its bytes have them.
package struct SoundTags: Equatable, Sendable {
  package var title: String?
  package var artist: String?

  package init(title: String? = nil, artist: String? = nil) {
    (self.title, self.artist) = (title, artist)
  }
}

/// Bytes that are no sound of the expected format.
package struct DecodingError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}

/// The formats that are decoded. An Ogg stream holds Vorbis, Opus or FLAC.
package enum EncodedFormat: String, CaseIterable, Sendable {
  case mp3 = "MP3"
  case ogg = "Ogg"
  case flac = "FLAC"

  /// - Throws: where the library of the format cannot be used.
  package func decoder(of bytes: any EncodedBytes) throws(DecodingError) -> any SoundDecoder {
    switch self {
    case .mp3: try MP3Decoder(bytes)
    case .ogg: OggDecoder(bytes)
    case .flac: try FLACDecoder(native: bytes)
    }
  }
}
