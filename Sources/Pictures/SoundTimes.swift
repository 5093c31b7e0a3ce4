/// Finds the instant at which a talker's sample is due, by the sound packets of the talker that have come. Pure. Times are
/// samples of 48 kHz.
///
/// A packet that comes early shows the shortest way. The shortest way of the last five to ten seconds counts, so that the
/// class follows a clock that is faster or slower.
package struct SoundTimes: Sendable {
  private static let period = 240_000
  /// Of the present period, and of the period before: the smallest arrival time less sample time.
  private var smallest: Int?
  private var before: Int?
  private var periodEnd = 0

  package init() {}

  /// Notes a packet.
  /// - Parameters:
  ///   - sampleTime: of the packet's first sample.
  ///   - length: samples of the packet.
  ///   - now: the instant of the arrival.
  package mutating func note(sampleTime: UInt64, length: Int, at now: Int) {
    guard let first = Int(exactly: sampleTime), first < 1 << 60 else { return }
    if smallest == nil || now >= periodEnd { (before, smallest, periodEnd) = (smallest, nil, now + Self.period) }
    let way = now - first - length
    // A talker that counts anew, and a way that has become another one.
    if let known = smallest ?? before, abs(way - known) > Self.period { (before, smallest) = (nil, nil) }
    smallest = min(smallest ?? way, way)
  }

  /// The instant at which a sample could have come at the earliest; nil before the first packet.
  package func instant(of sampleTime: UInt64) -> Int? {
    guard let sample = Int(exactly: sampleTime), sample < 1 << 60, let smallest else { return nil }
    return sample + min(smallest, before ?? smallest)
  }
}
