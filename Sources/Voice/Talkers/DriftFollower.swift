/// Steers the speed at which a talker's sound is played, so that the delay stays at its target while the talker's clock and
/// the mixer's clock differ. A delay that is 10 ms too long is played 0.5 % faster, which nobody hears.
struct DriftFollower {
  /// The largest change of the speed.
  static let limit = 0.005
  /// Samples of excess that reach the limit.
  private static let fullExcess = 480.0
  /// The share of the way to the wanted speed that a tick goes.
  private static let smoothing = 0.1
  /// The same for the long mean, which is over half a minute.
  private static let meanSmoothing = 1.0 / 3000

  /// Samples of the talker that are played in the time of one sample of the mixer.
  private(set) var ratio = 1.0
  private var mean = 0.0

  /// How much faster the talker's clock runs than the mixer's, in millionths.
  var drift: Double { mean * 1e6 }

  /// Takes the samples by which the delay exceeds the target, once a tick.
  mutating func follow(excess: Double) {
    let wanted = Self.limit * max(-1, min(1, excess / Self.fullExcess))
    ratio += (1 + wanted - ratio) * Self.smoothing
    mean += (ratio - 1 - mean) * Self.meanSmoothing
  }

  /// Plays at the speed of the long mean, as long as no delay is known.
  mutating func rest() { ratio = 1 + mean }
}
