/// Decodes sound whose first bytes count more than the name that its sender gives: many programs send Ogg as MP3.
///
/// Sound may follow behind the end of other sound: a file of FLAC names its length, and a sender may send file after file.
package final class RecognisedDecoder: SoundDecoder {
  private let bytes: BegunBytes
  private let format: EncodedFormat
  private var decoder: any SoundDecoder

  /// Blocks until the first bytes are there.
  /// - Parameter format: counts where the first bytes tell nothing.
  package init(_ bytes: any EncodedBytes, named format: EncodedFormat) throws(DecodingError) {
    let begun = BegunBytes(bytes)
    (self.bytes, self.format) = (begun, format)
    decoder = try Self.decoder(of: begun, named: format)
  }

  package func next() throws(DecodingError) -> DecodedPiece? {
    while true {
      if let piece = try decoder.next() { return piece }
      bytes.begin(with: (decoder as? FLACDecoder)?.unread ?? [])
      guard !bytes.head.isEmpty else { return nil }
      decoder = try Self.decoder(of: bytes, named: format)
    }
  }

  private static func decoder(
    of bytes: BegunBytes, named format: EncodedFormat
  ) throws(DecodingError) -> any SoundDecoder {
    if bytes.head.starts(with: "OggS".utf8) { return try EncodedFormat.ogg.decoder(of: bytes) }
    if bytes.head.starts(with: "fLaC".utf8) { return try EncodedFormat.flac.decoder(of: bytes) }
    if bytes.isAAC { throw DecodingError("the sound is AAC") }
    switch format {
    case .mp3: return try EncodedFormat.mp3.decoder(of: bytes)
    // A client of Ogg that connects again may go on within a page.
    case .ogg: return try EncodedFormat.ogg.decoder(of: bytes)
    case .flac: throw DecodingError("the sound is no FLAC")
    }
  }
}

/// Bytes whose first four are known.
private final class BegunBytes: EncodedBytes {
  /// The first four bytes; fewer where the bytes end before.
  var head: ArraySlice<UInt8> { front.prefix(4) }
  /// Bytes that were read, and that come again.
  private var front: [UInt8] = []
  private let bytes: any EncodedBytes
  private var given = 0

  init(_ bytes: any EncodedBytes) {
    self.bytes = bytes
    begin(with: [])
  }

  /// Begins anew behind the end of sound.
  /// - Parameter unread: the bytes behind that end which were read already.
  func begin(with unread: [UInt8]) {
    (front, given) = (unread + front[given...], 0)
    while front.count < 4 {
      var buffer = [UInt8](repeating: 0, count: 4 - front.count)
      let count = buffer.withUnsafeMutableBytes { bytes.read(into: $0) }
      guard count > 0 else { break }
      front += buffer.prefix(count)
    }
  }

  /// Whether a frame of ADTS begins here (ISO/IEC 13818-7 §6.2): as one of MPEG audio, but of layer 0, which MPEG audio
  /// does not have.
  var isAAC: Bool { head.count >= 2 && front[0] == 0xFF && front[1] & 0xF6 == 0xF0 }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard given < front.count else { return bytes.read(into: buffer) }
    let count = min(front.count - given, buffer.count)
    buffer.copyBytes(from: front[given..<given + count])
    given += count
    return count
  }
}
