import Core
import Pictures
import System

/// The objects through which a stream's capture thread and the server's threads exchange what they know.
struct SharedStreamState: Sendable {
  /// Operators say here what plays.
  let nowPlaying: NowPlayingMailbox
  /// The capture thread puts here what listeners can get.
  let latest: LatestEdition
  /// The pictures that belong to the sound.
  let pictures: PictureShelf
  /// The capture thread notes here how far it has come.
  let edge: LiveEdge
  /// The capture thread notes here how its source is, and how encoding goes.
  let source: SourceMonitor
  let encoding: EncodingStatistics
}

extension SharedStreamState {
  /// Shows a picture with the sound of a moment. Without sound, there are no pictures.
  func show(_ still: JPEGStill, at moment: MonotonicTime) {
    let now = MonotonicTime.now
    guard let place = edge.position(at: now) else { return }
    let samples = (moment - now).samples(rate: edge.rate)
    pictures.add(
      still,
      at: LiveEdge.Position(
        sample: place.sample + samples, date: place.date.advanced(samples: samples, rate: edge.rate)),
      edge: place.sample)
  }
}
