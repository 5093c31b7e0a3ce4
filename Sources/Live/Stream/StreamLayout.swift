import Codec
import HLS

/// The form of an encoded stream: its rendition, and the lengths into which it is cut.
struct StreamLayout {
  let rendition: Rendition
  let packaging: SegmentPackaging
  let grid: Grid
  let cadence: Cadence

  /// The layout that the settings ask for.
  init(_ settings: StreamSettings, rendition: Rendition) {
    self.rendition = rendition
    packaging = .packedAudio(rendition.codec)
    grid = Grid(
      codec: rendition.codec, sampleRate: rendition.sampleRate, target: settings.segmentLength)
    cadence = Cadence(settings, grid: grid)
  }

  init(rendition: Rendition, packaging: SegmentPackaging, grid: Grid, cadence: Cadence) {
    self.rendition = rendition
    self.packaging = packaging
    self.grid = grid
    self.cadence = cadence
  }

  /// The most bytes of a segment: those of the longest one, and a frame more for the bytes of one that the encoder has not
  /// finished.
  var segmentCapacity: Int { packaging.preambleLength + (grid.longestFrames + 1) * rendition.longestFrame }
}
