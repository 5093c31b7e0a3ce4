import Core
package import System

/// Plays the built-in test tone at real-time pace.
package struct ToneSource: Source {
  package let format: PCMFormat
  private let blockSize: Int
  private let tone: TestTone
  private let pacer: Pacer
  private var position = 0

  /// - Parameter blockSize: frames a block.
  package init(format: PCMFormat, blockSize: Int) {
    self.format = format
    self.blockSize = blockSize
    pacer = Pacer(rate: format.sampleRate)
    tone = TestTone(sampleRate: format.sampleRate, start: .now)
  }

  package var summary: String { "built-in test tone, \(format.sampleRate) Hz, \(format.channels) channels" }

  package mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    block.removeAll(keepingCapacity: true)
    guard !stop.isRaised else { return .end }
    pacer.wait(untilFrame: position + blockSize)
    for frame in position..<position + blockSize {
      let sample = tone.sample(at: frame)
      for _ in 0..<format.channels { block.append(sample) }
    }
    position += blockSize
    return .sound
  }
}
