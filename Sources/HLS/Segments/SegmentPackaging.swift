package import Codec

/// How encoded frames become a segment: the bytes in front of them, here called the preamble, and how both are read back.
package enum SegmentPackaging: Equatable, Sendable {
  /// Packed audio (rfc8216bis §3.1.3): a timestamp tag, then the codec's bare frames.
  case packedAudio(AudioCodec)

  package var codec: AudioCodec {
    switch self {
    case .packedAudio(let codec): codec
    }
  }

  /// The media type of a segment.
  package var mediaType: String {
    switch self {
    case .packedAudio(let codec): codec.mediaType
    }
  }

  /// Bytes in front of the first frame of every segment and of every part that is fetched alone.
  package var preambleLength: Int {
    switch self {
    case .packedAudio: TimestampTag.length
    }
  }

  /// The bytes in front of the first frame.
  /// - Parameters:
  ///   - samples: samples of the run before that frame.
  ///   - sampleRate: samples per second.
  package func preamble(after samples: Int, sampleRate: Int) -> [UInt8] {
    switch self {
    case .packedAudio: TimestampTag(samples: samples, rate: sampleRate).bytes
    }
  }

  /// The presentation time of the first sample, in 90 kHz ticks modulo 2^33; nil if `bytes` do not begin with a preamble.
  package func timestamp(of bytes: [UInt8]) -> UInt64? {
    switch self {
    case .packedAudio: TimestampTag(bytes)?.timestamp
    }
  }

  /// The frames of a whole segment; nil unless the bytes behind the preamble are whole frames of one sample rate, at least
  /// one.
  func frames(in bytes: [UInt8]) -> FrameRun? {
    FrameRun(of: codec, in: bytes, from: preambleLength)
  }

  /// Where the last whole frame of a segment ends.
  /// - Parameter offset: where to begin to look, which is in front of a frame; the first frame if nil.
  package func endOfWholeFrames(in bytes: [UInt8], from offset: Int? = nil) -> Int {
    codec.endOfWholeFrames(in: bytes, from: offset ?? preambleLength)
  }

  /// Whether a segment's first frame is whole.
  func hasWholeFrame(_ bytes: [UInt8]) -> Bool {
    codec.wholeFrame(in: bytes, at: preambleLength) != nil
  }
}
