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

/// A recording, over and over, and silence until the recording is there.
package struct RecordingFallback: Fallback {
  private let recording: AwaitedRecording
  private let format: PCMFormat
  private var player: RecordingPlayer?

  package init(_ recording: AwaitedRecording, format: PCMFormat) {
    (self.recording, self.format) = (recording, format)
  }

  package mutating func begin() { player = nil }

  package mutating func fill(_ block: inout [Int32]) {
    if player == nil { player = recording.current.map { RecordingPlayer($0, format: format) } }
    if player == nil {
      for index in block.indices { block[index] = 0 }
    } else {
      player!.fill(&block)
    }
  }
}
