package import Codec

/// Where segments are cut: the frame boundary nearest to each multiple of the target length, so that lengths alternate
/// and never drift from the grid.
package struct Grid: Equatable, Sendable {
  /// PCM samples per channel in a frame.
  package let samplesPerFrame: Int
  /// Samples per second.
  package let sampleRate: Int
  /// Target length of a segment.
  package let target: Duration

  package init(codec: AudioCodec, sampleRate: Int, target: Duration) {
    samplesPerFrame = codec.samplesPerFrame
    self.sampleRate = sampleRate
    self.target = target
  }

  /// The frame before which cut `index` (1, 2, …) lies; frames are counted from the start of the stream.
  package func boundary(_ index: Int) -> Int {
    nearest(Int128(index) * target.attoseconds)
  }

  /// The number of frames whose length is nearest to `duration`, at least 1.
  package func frames(in duration: Duration) -> Int {
    max(1, nearest(duration.attoseconds))
  }

  /// The most frames of a segment that the grid cuts.
  package var longestFrames: Int {
    let (frames, rest) = framesAndRest(target.attoseconds)
    return rest > 0 ? frames + 1 : frames
  }

  /// The longest and the shortest segment that the grid cuts, in samples.
  package var longest: Int { longestFrames * samplesPerFrame }
  package var shortest: Int { framesAndRest(target.attoseconds).frames * samplesPerFrame }

  /// EXT-X-TARGETDURATION in seconds. rfc8216bis §4.4.3.1: "The EXTINF duration of each Media Segment in the Playlist
  /// file, when rounded to the nearest integer, MUST be less than or equal to the target duration".
  package var targetDuration: Int {
    max(1, (longest * 2 + sampleRate) / (sampleRate * 2))
  }

  /// The fewest segments a playlist may hold. rfc8216bis §6.2.2: "A Server MUST NOT remove a Media Segment from a
  /// Playlist file without an EXT-X-ENDLIST tag if that would produce a Playlist whose duration is less than three
  /// times the target duration."
  package var smallestWindow: Int {
    let needed = 3 * targetDuration * sampleRate
    // Any run of n segments lasts at least floor(n × target) frames: the grid rounds only at its two ends.
    var count = 3
    while framesAndRest(Int128(count) * target.attoseconds).frames * samplesPerFrame < needed { count += 1 }
    return count
  }

  /// Attoseconds times the sample rate that one frame lasts. The products have 128 bits: a ten-digit index times a target
  /// of 30 s times the rate does not fit in 64.
  private var frameLength: Int128 { Int128(samplesPerFrame) * 1_000_000_000_000_000_000 }

  private func nearest(_ attoseconds: Int128) -> Int {
    Int((attoseconds * Int128(sampleRate) * 2 + frameLength) / (frameLength * 2))
  }

  private func framesAndRest(_ attoseconds: Int128) -> (frames: Int, rest: Int128) {
    let (frames, rest) = (attoseconds * Int128(sampleRate)).quotientAndRemainder(dividingBy: frameLength)
    return (Int(frames), rest)
  }
}
