package import Core

/// The place in a stream that was captured at one moment.
package struct StreamPosition: Equatable, Sendable {
  /// The stream's name.
  package let stream: String
  /// PCM frames from the stream's first to this place.
  package let sample: Int
  /// The date of that sample by the stream clock.
  package let date: WallTime

  package init(stream: String, sample: Int, date: WallTime) {
    self.stream = stream
    self.sample = sample
    self.date = date
  }
}
