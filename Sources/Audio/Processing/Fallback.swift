import Core
import System

/// The sound that is played while a source has none.
package protocol Fallback: Sendable {
  /// Starts again from the beginning.
  mutating func begin()
  /// Replaces the interleaved frames of `block` by the next ones of the fallback.
  mutating func fill(_ block: inout [Int32])
}

/// The built-in test tone.
package struct ToneFallback: Fallback {
  private let format: PCMFormat
  private var tone: TestTone
  private var position = 0

  package init(format: PCMFormat) {
    self.format = format
    tone = TestTone(sampleRate: format.sampleRate, start: .now)
  }

  package mutating func begin() {
    self = ToneFallback(format: format)
  }

  package mutating func fill(_ block: inout [Int32]) {
    for index in block.indices { block[index] = tone.sample(at: position + index / format.channels) }
    position += block.count / format.channels
  }
}

/// A recording, over and over.
package struct RecordingFallback: Fallback {
  private let recording: Recording
  private let format: PCMFormat
  private var converter: Resampler
  private var offset = 0
  private var ready: [Int32] = []

  package init(_ recording: Recording, format: PCMFormat) {
    (self.recording, self.format) = (recording, format)
    converter = Resampler(from: recording.format, to: format)
  }

  package mutating func begin() {
    self = RecordingFallback(recording, format: format)
  }

  package mutating func fill(_ block: inout [Int32]) {
    while ready.count < block.count {
      ready += converter.convert(recording.frames(from: offset, count: recording.format.sampleRate / 100))
      offset = (offset + recording.format.sampleRate / 100) % recording.count
    }
    let count = block.count
    block.replaceSubrange(0..<count, with: ready[..<count])
    ready.removeFirst(count)
  }
}
