import Audio
import Codec
import HLS
import Logging
import System

/// The peaks of the segments that earlier runs have left. No file keeps peaks: the station decodes the segments again, on a
/// thread of its own, so that the stream starts without a wait.
struct RestoredPeaks {
  /// By media sequence number.
  let peaks: [Int: SegmentPeaks]
  private let segments: [Segment]

  /// - Parameter segments: oldest first.
  init(_ segments: [Segment], for audience: Audience) {
    self.segments = segments
    peaks = Dictionary(
      uniqueKeysWithValues: segments.map { ($0.sequence, SegmentPeaks(published: $0.end, for: audience)) })
  }

  /// Measures the segments, the newest first: those stay the longest. Returns at once.
  func measure() {
    guard !segments.isEmpty else { return }
    let (segments, peaks) = (segments, peaks)
    NamedThread(name: "peaks") {
      for segment in segments.reversed() {
        let codec = segment.packaging.codec
        guard codec == .mp3,
          let measured = EncodedFormat.mp3.peaks(of: segment.bytes, samplesPerSlice: codec.samplesPerFrame)
        else { continue }
        peaks[segment.sequence]?.become(measured)
      }
    }.detach()
  }
}
