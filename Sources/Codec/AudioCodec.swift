/// An audio codec, as far as segments, playlists and HTTP answers depend on it.
///
/// The rest of the program takes these values from here, so that only the encoder and this folder know which codec it is.
package struct AudioCodec: Sendable {
  /// One encoded frame, as its own bytes describe it.
  package struct Frame: Equatable, Sendable {
    /// Bytes of the whole frame, header included; at least 1.
    package let length: Int
    /// Samples per second.
    package let sampleRate: Int

    package init(length: Int, sampleRate: Int) {
      precondition(length > 0, "a frame has a header")
      self.length = length
      self.sampleRate = sampleRate
    }
  }

  /// The codec's common name. Two codecs are equal if they have the same name.
  package let name: String
  /// PCM samples per channel that one frame decodes to.
  package let samplesPerFrame: Int
  /// The ending of a file's name, without the dot.
  package let fileExtension: String
  /// The media type of the bare frames (RFC 9110 §8.3.1).
  package let mediaType: String
  /// The codec's name in a `codecs` parameter (RFC 6381 §3.3) and in a playlist's CODECS attribute.
  package let codecsParameter: String
  private let header: @Sendable (_ bytes: [UInt8], _ offset: Int) -> Frame?

  /// - Parameter header: reads the header of the frame that begins at `offset`, which is less than `bytes.count`; nil if
  ///   no frame begins there or if the header is not complete. The frame itself need not be complete.
  package init(
    name: String, samplesPerFrame: Int, fileExtension: String, mediaType: String, codecsParameter: String,
    header: @escaping @Sendable (_ bytes: [UInt8], _ offset: Int) -> Frame?
  ) {
    self.name = name
    self.samplesPerFrame = samplesPerFrame
    self.fileExtension = fileExtension
    self.mediaType = mediaType
    self.codecsParameter = codecsParameter
    self.header = header
  }

  /// The whole frame that begins at `offset`; nil if there is none or if its end is missing.
  package func wholeFrame(in bytes: [UInt8], at offset: Int) -> Frame? {
    guard offset < bytes.count, let frame = header(bytes, offset), offset + frame.length <= bytes.count else {
      return nil
    }
    return frame
  }

  /// The offset after the last of the whole frames that follow one another from `offset` on; `offset` if there is none.
  package func endOfWholeFrames(in bytes: [UInt8], from offset: Int) -> Int {
    var position = offset
    while let frame = wholeFrame(in: bytes, at: position) { position += frame.length }
    return position
  }
}

extension AudioCodec: Equatable {
  package static func == (one: AudioCodec, other: AudioCodec) -> Bool { one.name == other.name }
}
