import HLS

/// How often the recording segment is passed on while it grows, in encoded frames.
struct Cadence: Equatable, Sendable {
  /// Frames of a partial segment.
  let part: Int
  /// Frames after which all listeners that follow the recording segment are sent its growth.
  let chunk: Int
  /// Frames after which those listeners are sent its growth that ask for every frame as soon as it is there (`?prompt`).
  let everyFrame: Int
}

extension Cadence {
  /// The cadence that the settings ask for, in whole frames of the grid's codec.
  init(_ settings: StreamSettings, grid: Grid) {
    self.init(
      part: grid.frames(in: settings.partLength),
      chunk: grid.frames(in: settings.chunkLength),
      everyFrame: grid.frames(in: settings.promptChunkLength))
  }
}
