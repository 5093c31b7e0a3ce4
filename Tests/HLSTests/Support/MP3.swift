import Codec
import Core
import HLS

/// The types of HLS for streams of MP3 in packed audio, which most tests are about.

extension SegmentPackaging {
  static let mp3 = SegmentPackaging.packedAudio(.mp3)
}

extension SegmentStart {
  /// - Parameter sampleRate: in Hz.
  init(_ sequence: Int, sampleRate: Int = 48_000, date: WallTime, discontinuity: Bool = false) {
    self.init(
      sequence: sequence, packaging: .mp3, sampleRate: sampleRate, date: date, discontinuity: discontinuity)
  }
}

extension Grid {
  /// - Parameter target: in microseconds.
  init(sampleRate: Int, target: Int) {
    self.init(codec: .mp3, sampleRate: sampleRate, target: .microseconds(target))
  }
}

extension Segmenter {
  init(grid: Grid, partFrames: Int, origin: WallTime, sequence: Int, discontinuity: Bool) {
    self.init(
      grid: grid, packaging: .mp3, partFrames: partFrames, origin: origin, sequence: sequence,
      discontinuity: discontinuity)
  }
}

extension Playlist {
  init(text: String) throws(Malformed) {
    try self.init(text: text, codec: .mp3)
  }
}

extension Restored {
  init(
    playlist: Playlist?, files: [Int: [UInt8]], served: [Int: Served] = [:], isComplete: Bool = true,
    era: Era? = nil, targetDuration: Int, now: WallTime
  ) {
    self.init(
      Found(playlist: playlist, files: files, served: served, isComplete: isComplete, era: era), packaging: .mp3,
      targetDuration: targetDuration, now: now, newEra: .new)
  }
}

extension Era {
  /// The era that a start begins if nothing proves the last number.
  static let new = Era(bits: 0xABC)
}
