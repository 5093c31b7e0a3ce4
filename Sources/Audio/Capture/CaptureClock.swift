/// Tells how many frames a capture device has lost, from when its frames came in.
///
/// A device hands frames over in lumps, so that at most moments some that were recorded have not come in yet. Only just
/// after a lump is the count at its highest against the clock: that envelope is what the clock goes by. It is let sink
/// a little all the time, because the device's crystal may be slower than the machine's.
package struct CaptureClock: Sendable {
  /// More than any crystal is off.
  private static let slackPerMillion = 500.0
  /// A count that stays this far below the envelope for a second, and comes no nearer, has lost frames without a word.
  private static let silentLoss = 0.1
  private let rate: Double
  /// Frames ahead of rate × time, at the moment `time`.
  private var envelope: Double?
  private var time = 0
  /// The distances below the envelope since `watched`.
  private var shortfall: ClosedRange<Double>?
  private var watched = 0

  /// - Parameter rate: nominal, in frames per second.
  package init(rate: Int) {
    self.rate = Double(rate)
  }

  /// Notes that at `now` (monotonic nanoseconds) `position` frames of the stream have come in.
  /// - Returns: how many frames were lost without an error of the device's, as a rule none.
  package mutating func observe(position: Int, now: Int) -> Int {
    let below = distance(position: position, now: now)
    guard let level = envelope, below > 0 else {
      begin(position: position, now: now)
      return 0
    }
    envelope = level - Double(now - time) / 1e9 * rate * Self.slackPerMillion / 1e6
    time = now
    if shortfall == nil { watched = now }
    let seen = shortfall.map { min($0.lowerBound, below)...max($0.upperBound, below) } ?? below...below
    // It comes nearer where what a device has kept is on its way: after the process was stopped, say.
    guard seen.upperBound - seen.lowerBound < Self.silentLoss * rate else {
      shortfall = nil
      return 0
    }
    shortfall = seen
    guard now - watched > 1_000_000_000 else { return 0 }
    shortfall = nil
    return seen.lowerBound > Self.silentLoss * rate ? Int(seen.lowerBound.rounded()) : 0
  }

  package var hasBegun: Bool { envelope != nil }

  /// Sets out from there, whatever was before: `position` frames have come in and none is late.
  package mutating func begin(position: Int, now: Int) {
    envelope = Double(position) - expected(now)
    (time, shortfall) = (now, nil)
  }

  /// How many frames are missing at `now`, when after an interruption the first come in again and make `position` in all;
  /// negative where there are more than time has brought.
  package func missing(position: Int, now: Int) -> Int {
    Int(distance(position: position, now: now).rounded())
  }

  /// Where the stream should be at `now`.
  package func position(now: Int) -> Int {
    Int(((envelope ?? 0) + expected(now)).rounded(.down))
  }

  private func distance(position: Int, now: Int) -> Double {
    guard let envelope else { return 0 }
    return envelope + expected(now) - Double(position)
  }

  private func expected(_ now: Int) -> Double {
    Double(now) / 1e9 * rate
  }
}
