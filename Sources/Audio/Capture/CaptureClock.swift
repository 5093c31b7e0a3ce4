import Core
package import System

/// Tells how many frames a capture device has lost, from the instants at which its frames came in.
///
/// A device hands frames over in batches, so that at most instants some recorded frames have not come in yet. Only just
/// after a batch is the count of frames at its highest against the clock. This envelope is compared with the clock. It
/// sinks a little all the time, because the device's crystal may be slower than the machine's.
package struct CaptureClock: Sendable {
  /// More than any crystal is off.
  private static let slackPerMillion = 500.0
  /// A count that stays this many seconds below the envelope for `silentLossTime`, and comes no nearer, has lost frames
  /// without an error.
  private static let silentLoss = 0.1
  private static let silentLossTime = Duration.seconds(1)

  private struct Envelope {
    /// Frames ahead of rate × time.
    var level: Double
    /// The instant at which the level held.
    var time: MonotonicTime
  }

  /// Distances below the envelope.
  private struct Shortfall {
    var range: ClosedRange<Double>
    let since: MonotonicTime
  }

  private let rate: Double
  private var envelope: Envelope?
  private var shortfall: Shortfall?

  /// - Parameter rate: nominal, in frames per second.
  package init(rate: Int) {
    self.rate = Double(rate)
  }

  /// Notes that at `now` `position` frames of the stream have come in.
  /// - Returns: the frames that were lost without an error of the device, as a rule none.
  package mutating func observe(position: Int, now: MonotonicTime) -> Int {
    let below = distance(position: position, now: now)
    guard var envelope, below > 0 else {
      begin(position: position, now: now)
      return 0
    }
    envelope.level -= (now - envelope.time).seconds * rate * Self.slackPerMillion / 1e6
    envelope.time = now
    self.envelope = envelope
    var seen = shortfall ?? Shortfall(range: below...below, since: now)
    seen.range = min(seen.range.lowerBound, below)...max(seen.range.upperBound, below)
    // The distance shrinks while a device hands over frames that it has kept, for example after the process was stopped.
    guard seen.range.upperBound - seen.range.lowerBound < Self.silentLoss * rate else {
      shortfall = nil
      return 0
    }
    shortfall = seen
    guard now - seen.since > Self.silentLossTime else { return 0 }
    shortfall = nil
    let lost = seen.range.lowerBound
    return lost > Self.silentLoss * rate ? Int(lost.rounded()) : 0
  }

  package var hasBegun: Bool { envelope != nil }

  /// Forgets everything before `now`: `position` frames have come in and none is late.
  package mutating func begin(position: Int, now: MonotonicTime) {
    envelope = Envelope(level: Double(position) - expected(now), time: now)
    shortfall = nil
  }

  /// The frames that are missing at `now`, when the first frames after an interruption come in and make `position` in all.
  /// The number is negative where more have come in than the time has brought.
  package func missing(position: Int, now: MonotonicTime) -> Int {
    Int(distance(position: position, now: now).rounded())
  }

  /// The position that the stream should have at `now`, in frames.
  package func position(now: MonotonicTime) -> Int {
    Int(((envelope?.level ?? 0) + expected(now)).rounded(.down))
  }

  private func distance(position: Int, now: MonotonicTime) -> Double {
    guard let envelope else { return 0 }
    return envelope.level + expected(now) - Double(position)
  }

  private func expected(_ now: MonotonicTime) -> Double {
    Double(now.nanoseconds) / 1e9 * rate
  }
}
