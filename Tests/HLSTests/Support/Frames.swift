import Core
import HLS

/// Frames and segments as tests need them: right in form, with nothing in them.
enum Frames {
  static func silence(_ count: Int, header: [UInt8] = [0xFF, 0xFB, 0x94, 0x44], length: Int = 384) -> [UInt8] {
    (0..<count).flatMap { _ in header + [UInt8](repeating: 0, count: length - header.count) }
  }

  /// A segment of `frames` frames at 48 kHz that begins `start` frames into its run.
  static func segment(_ sequence: Int, frames: Int = 84, start: Int = 0, discontinuity: Bool = false) -> Segment {
    let origin = WallTime(microseconds: 1_790_000_000_000_000)
    let date = origin.advanced(samples: start * 1152, rate: 48_000)
    return Segment(
      SegmentStart(sequence, date: date, discontinuity: discontinuity),
      bytes: TimestampTag(samples: start * 1152, rate: 48_000).bytes + silence(frames), samples: frames * 1152)
  }
}
