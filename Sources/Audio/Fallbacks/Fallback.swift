import Core
import System

/// The sound that is played while a source has none. No call waits.
package protocol Fallback: Sendable {
  /// For the log: `tone`, or `file:PATH`.
  var name: String { get }
  /// Whether so many samples can be filled now.
  mutating func isReady(samples: Int) -> Bool
  /// The fallback is heard from now on.
  mutating func begin()
  /// Replaces the interleaved frames of `block` by the next ones of the fallback.
  mutating func fill(_ block: inout [Int32])
  /// Time passes in which the fallback is not heard: so many samples. Sound that comes by a clock of its own goes by.
  mutating func pass(samples: Int)
  /// The fallback fades out: other sound is heard from now on.
  mutating func fadeOut()
  /// The fallback is not heard any more.
  mutating func end()
}

extension Fallback {
  package mutating func pass(samples: Int) {}
  package mutating func fadeOut() {}
}

/// The built-in test tone.
package struct ToneFallback: Fallback {
  package let name = "tone"
  private let format: PCMFormat
  private var tone: TestTone
  private var position = 0

  package init(format: PCMFormat) {
    self.format = format
    tone = TestTone(sampleRate: format.sampleRate, start: .now)
  }

  package mutating func isReady(samples: Int) -> Bool { true }

  package mutating func begin() {
    self = ToneFallback(format: format)
  }

  package mutating func fill(_ block: inout [Int32]) {
    for index in block.indices { block[index] = tone.sample(at: position + index / format.channels) }
    position += block.count / format.channels
  }

  package mutating func end() {}
}
