import Core
import HLS
import Recordings

/// Gives the recorder each part of a stream once. Used by the capture thread.
struct RecordingTap: Sendable {
  private let recorder: Recorder
  /// The segment whose parts were given last, and how many of them.
  private var given = (sequence: -1, parts: 0)

  init(_ recorder: Recorder) {
    self.recorder = recorder
  }

  mutating func note(_ segment: RecordingSegment, _ history: NowPlayingHistory) {
    if given.sequence != segment.sequence { given = (segment.sequence, 0) }
    for part in segment.parts.dropFirst(given.parts) {
      recorder.take(
        RecordedPart(
          bytes: Array(segment.bytes[part.range]), start: part.start, samples: part.samples,
          sampleRate: segment.sampleRate,
          date: segment.date.advanced(samples: part.start - segment.parts[0].start, rate: segment.sampleRate),
          titles: history.titles(in: part.start..<(part.start + part.samples)).map { title in
            let line = title.playing.line
            return RecordedPart.Title(start: title.start, text: line.isEmpty ? nil : line)
          }))
    }
    given.parts = segment.parts.count
  }

  /// No more parts come.
  func end() { recorder.end() }
}
