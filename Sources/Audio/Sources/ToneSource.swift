package import System

/// Plays the built-in programme at real-time pace.
package struct ToneSource: Source {
  package let format: PCMFormat
  private let blockSize: Int
  private let programme: TestTone
  private let pacer: Pacer
  private var position = 0

  /// - Parameter blockSize: frames a block.
  package init(format: PCMFormat, blockSize: Int) {
    self.format = format
    self.blockSize = blockSize
    pacer = Pacer(rate: format.sampleRate)
    programme = TestTone(sampleRate: format.sampleRate, start: Clock.wall())
  }

  package var summary: String { "built-in programme, \(format.sampleRate) Hz, \(format.channels) channels" }

  package mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    block.removeAll(keepingCapacity: true)
    guard !stop.isRaised else { return .end }
    pacer.wait(untilFrame: position + blockSize)
    for frame in position..<position + blockSize {
      let sample = programme.sample(at: frame)
      for _ in 0..<format.channels { block.append(sample) }
    }
    position += blockSize
    return .sound
  }
}
