import Codec

/// Where segments are cut: the frame boundary nearest to each multiple of the target length, so that lengths alternate
/// and never drift from the grid.
package struct Grid: Equatable, Sendable {
  package let sampleRate: Int
  /// Target length of a segment in microseconds.
  package let target: Int

  package init(sampleRate: Int, target: Int) {
    self.sampleRate = sampleRate
    self.target = target
  }

  /// The frame before which cut `index` (1, 2, …) lies; frames are counted from the start of the stream.
  package func boundary(_ index: Int) -> Int {
    // 128 bits: a ten-digit index times a target of 30 s times the rate does not fit in 64.
    let numerator = Int128(index) * Int128(target) * Int128(sampleRate)
    let denominator = Int128(FrameHeader.samplesPerFrame) * 1_000_000
    return Int((numerator * 2 + denominator) / (denominator * 2))
  }

  /// MP3 frames in about so many microseconds, one at least.
  package func frames(in microseconds: Int) -> Int {
    let denominator = FrameHeader.samplesPerFrame * 1_000_000
    return max(1, (microseconds * sampleRate * 2 + denominator) / (denominator * 2))
  }

  /// The longest and shortest segment that the grid cuts, in samples.
  package var longest: Int { frames(roundedUp: true) * FrameHeader.samplesPerFrame }
  package var shortest: Int { frames(roundedUp: false) * FrameHeader.samplesPerFrame }

  private func frames(roundedUp: Bool) -> Int {
    let denominator = FrameHeader.samplesPerFrame * 1_000_000
    let (frames, rest) = (target * sampleRate).quotientAndRemainder(dividingBy: denominator)
    return roundedUp && rest > 0 ? frames + 1 : frames
  }

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
    while minimumSamples(ofRun: count) < needed { count += 1 }
    return count
  }

  private func minimumSamples(ofRun count: Int) -> Int {
    let denominator = FrameHeader.samplesPerFrame * 1_000_000
    return count * target * sampleRate / denominator * FrameHeader.samplesPerFrame
  }
}
