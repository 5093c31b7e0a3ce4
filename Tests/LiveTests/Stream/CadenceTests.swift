import Codec
import HLS
import Testing

@testable import Live

@Suite struct CadenceTests {
  @Test func `the default lengths are whole frames of 24 ms at 48 kHz`() {
    let cadence = Cadence(StreamSettings(), grid: Grid(codec: .mp3, sampleRate: 48_000, target: .seconds(2)))
    #expect(cadence == Cadence(part: 12, chunk: 5, everyFrame: 1))
  }

  @Test func `no length is shorter than a frame`() {
    var configuration = StreamSettings()
    configuration.chosenPromptChunkLength = .milliseconds(1)
    let cadence = Cadence(configuration, grid: Grid(codec: .mp3, sampleRate: 32_000, target: .seconds(2)))
    #expect(cadence.everyFrame == 1)
  }
}
