package import Core

/// One known moment of a stream. The position of any other moment follows from the sample rate.
package struct StreamAnchor: Equatable, Sendable {
  /// The moment.
  package let monotonic: Duration
  /// The PCM frames of the stream that were captured up to this moment.
  package let sample: Int
  /// The date of that sample by the stream clock.
  package let date: WallTime
  /// PCM frames a second.
  package let rate: Int

  package init(monotonic: Duration, sample: Int, date: WallTime, rate: Int) {
    self.monotonic = monotonic
    self.sample = sample
    self.date = date
    self.rate = rate
  }

  /// The position at another moment, at most an hour away.
  func position(of room: RoomName, at now: Duration) -> StreamPosition {
    let elapsed = min(max(now - monotonic, .seconds(-3600)), .seconds(3600))
    let samples = elapsed.samples(rate: rate)
    return StreamPosition(
      stream: room.text, sample: sample + samples, date: date.advanced(samples: samples, rate: rate))
  }
}
