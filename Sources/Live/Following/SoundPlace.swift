import Voice

/// A place whose sound comes by a clock of its own: the source clients of a stream, a relay, a capture device, or another
/// stream.
protocol SoundPlace: Sendable {
  /// The sound that is played now; another queue where the sound begins anew. Nil before the first sound. Only the thread
  /// that plays the sound asks.
  var sound: SoundQueue? { get }
  /// The reason for which no sound comes; nil while the reason is not known.
  var trouble: String? { get }
  /// The sound that is to wait.
  var reserves: ArrivalFollower.Reserves { get }
}

extension SoundPlace {
  var reserves: ArrivalFollower.Reserves { .client }
}
