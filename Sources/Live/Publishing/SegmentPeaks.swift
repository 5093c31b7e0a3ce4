import Core
import HTTP
import Synchronization

/// The peaks of a complete segment, as listeners get them. The peaks of a segment that an earlier run has left become known
/// later, on another thread, from the decoded sound: their levels are not quite those of the run that encoded the segment.
final class SegmentPeaks: Sendable {
  static let mediaType = "application/octet-stream"

  private final class Known: Sendable {
    let bytes: [UInt8]
    let representation: Representation

    init(bytes: [UInt8], representation: Representation) {
      (self.bytes, self.representation) = (bytes, representation)
    }
  }

  private let known = AtomicLazyReference<Known>()
  private let published: WallTime
  private let audience: Audience

  /// Peaks that are not known yet.
  /// - Parameter published: the time at which the segment was complete.
  init(published: WallTime, for audience: Audience) {
    (self.published, self.audience) = (published, audience)
  }

  convenience init(_ peaks: Peaks, published: WallTime, for audience: Audience) {
    self.init(published: published, for: audience)
    // As the segment.
    become(peaks, cacheControl: audience.unlimited)
  }

  /// From now on the peaks are known, as they were measured again. To be called once. The URL meant other bytes before the
  /// start, so that caches ask again.
  func become(_ peaks: Peaks) { become(peaks, cacheControl: audience.anew(sharedFor: Self.sharedSeconds)) }

  private static let sharedSeconds = 60

  private func become(_ peaks: Peaks, cacheControl: String) {
    let bytes = peaks.bytes
    _ = known.storeIfNil(
      Known(
        bytes: bytes,
        representation: Representation(
          bytes, contentType: Self.mediaType, cacheControl: cacheControl,
          validators: .init(lastModified: published.microseconds / 1_000_000), features: .ranges,
          headers: audience.headers)))
  }

  /// Nil while the peaks are not known.
  var representation: Representation? { known.load()?.representation }

  /// The peaks of several segments, in one resource: for each segment whose peaks are known 8 bytes with the media sequence
  /// number, 4 bytes with the length of the peaks, and the peaks in their binary form. Numbers are big-endian.
  static func bytes(of segments: [(sequence: Int, peaks: SegmentPeaks?)]) -> [UInt8] {
    segments.reduce(into: []) { bytes, segment in
      guard let peaks = segment.peaks?.known.load()?.bytes else { return }
      append(segment.sequence, in: 8, to: &bytes)
      append(peaks.count, in: 4, to: &bytes)
      bytes += peaks
    }
  }

  private static func append(_ number: Int, in count: Int, to bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - index)))) }
  }
}
