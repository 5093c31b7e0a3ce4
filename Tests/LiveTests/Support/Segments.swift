import Audio
import Codec
import Core
import HLS
import HTTP

@testable import Live

/// Segments with real tags and frames of silence, as a folder's reader takes them.
enum Segments {
  static func make(_ sequence: Int, discontinuity: Bool = false) -> Segment {
    let (frames, start) = (84, sequence * 84)
    let frame = [0xFF, 0xFB, 0x94, 0x44] + [UInt8](repeating: 0, count: 380)
    let origin = WallTime(microseconds: 1_790_000_000_000_000)
    return Segment(
      SegmentStart(
        sequence: sequence, packaging: .packedAudio(.mp3), sampleRate: 48_000,
        date: origin.advanced(samples: start * 1152, rate: 48_000), discontinuity: discontinuity),
      bytes: TimestampTag(samples: start * 1152, rate: 48_000).bytes + (0..<frames).flatMap { _ in frame },
      samples: frames * 1152)
  }

  static func ring(_ sequences: ClosedRange<Int>, capacity: Int = 3) -> Ring {
    var ring = Ring(capacity: capacity, targetDuration: 2)
    for sequence in sequences { ring.append(make(sequence)) }
    return ring
  }

  /// The segment after a ring's last, with nothing in it yet.
  static func open(after sequences: ClosedRange<Int>, bytes: [UInt8] = []) -> RecordingSegment {
    let last = make(sequences.upperBound)
    return RecordingSegment(
      SegmentStart(
        sequence: last.sequence + 1, packaging: .packedAudio(.mp3), sampleRate: 48_000, date: last.end,
        discontinuity: false),
      bytes: bytes)
  }
}

extension EditionBuilder {
  /// Of a stream at 48 kHz and 128 kbit/s.
  /// - Parameter burst: in microseconds.
  init(
    partFrames: Int, capacity: Int, burst: Int = 2_000_000, restoredPeaks: [Int: SegmentPeaks] = [:],
    for audience: Audience = .everybody
  ) {
    let rendition = Rendition(codec: .mp3, sampleRate: 48_000, channels: 2, kilobitsPerSecond: 128)
    let icy = ICYMetadata(stream: "live", rendition: rendition, for: audience) { _ in "" }
    let endless = EndlessStream(
      burst: .microseconds(burst), lag: .seconds(10), partFrames: partFrames, rendition: rendition, icy: icy)
    self.init(
      stream: "live", era: .sample, partFrames: partFrames, capacity: capacity, endless: endless,
      restoredPeaks: restoredPeaks, for: audience)
  }
}

extension Audience {
  /// Of a stream that everybody may listen to, as a public port has it.
  static let everybody = Audience(caches: .all, crossOrigin: CORS.headers)
  /// Of a stream that a token protects.
  static let tokenHolders = Audience(caches: .own, crossOrigin: CORS.headers)
}

extension Era {
  static let sample = Era(bits: 0x0123_4567_89AB)
}
