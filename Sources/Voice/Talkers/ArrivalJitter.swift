/// How late the packets of a talker arrive. The *transit* of a packet is the instant of its arrival less the time of its
/// sound, by different clocks, so that only differences of transits mean anything. All times are samples of 48 kHz.
struct ArrivalJitter {
  /// Ticks with arrivals that are remembered: 10 s on a good line.
  private static let window = 1000
  /// Latenesses of this many milliseconds and more count as one.
  private static let bins = 128
  private static let samplesPerBin = Sound.rate / 1000

  /// The highest and the lowest transit of each tick.
  private var transits = [Int](repeating: 0, count: window)
  private var lowTransits = [Int](repeating: 0, count: window)
  private var counts = [Int](repeating: 0, count: bins)
  /// Where the next transit is stored.
  private var index = 0
  private(set) var count = 0
  /// The worst transit since the last tick. A burst of packets counts once, else one long pause would look like many.
  private var worst: Int?
  private var best = 0
  /// The lowest transit: that of a packet that nothing held up.
  private(set) var earliest = 0

  /// Takes the transit of a packet that has arrived.
  mutating func observe(transit: Int) {
    earliest = count == 0 && worst == nil ? transit : min(earliest, transit)
    best = min(worst == nil ? transit : best, transit)
    worst = max(worst ?? transit, transit)
  }

  /// Ends a tick.
  mutating func endTick() {
    guard let transit = worst else { return }
    worst = nil
    transits[index] = transit
    lowTransits[index] = best
    index = (index + 1) % Self.window
    count = min(count + 1, Self.window)
  }

  /// Forgets the transits.
  mutating func clear() {
    (index, count, worst) = (0, 0, nil)
  }

  /// Finds the earliest transit of the window again.
  /// - Returns: the lateness that 95 % of the ticks do not exceed.
  mutating func measure() -> Int {
    guard count > 0 else { return 0 }
    var lowest = worst == nil ? .max : best
    for place in 0..<count { lowest = min(lowest, lowTransits[place]) }
    earliest = lowest
    for bin in 0..<Self.bins { counts[bin] = 0 }
    for place in 0..<count { counts[min((transits[place] - lowest) / Self.samplesPerBin, Self.bins - 1)] += 1 }
    var (bin, seen) = (0, counts[0])
    while seen * 100 < count * 95 {
      bin += 1
      seen += counts[bin]
    }
    return bin * Self.samplesPerBin + Self.samplesPerBin / 2
  }
}
