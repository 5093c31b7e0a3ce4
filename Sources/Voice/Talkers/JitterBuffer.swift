/// Orders the packets of a talker, and decides in each tick how much of his sound is played. It is pure: it knows only numbers
/// and instants of packets. Its user keeps the payloads in as many slots. All times are samples of 48 kHz.
///
/// The *delay* is the time for which a sample waits after the earliest instant at which it could have arrived. A sample
/// waits for the end of its packet too, so that the target is a packet more than the lateness of most packets. A burst after
/// an outage makes the delay long: the buffer throws its oldest packets away at once. Small excess is played a little faster.
///
/// The sample times that a talker states decide nothing. The time of a packet's sound follows from its sequence number.
struct JitterBuffer {
  /// Packets that fit.
  static let slots = 32
  /// Packets that are concealed in a row when the buffer is empty; then the talker counts as silent.
  static let concealment = 6
  /// The limits of the target, and its first value: 10, 120 and 20 ms.
  static let targets = 480.0...5760.0
  private static let firstTarget = 960.0
  /// Excess above the target from which packets are thrown away: 20 ms, and 10 ms in the second after an outage, when the
  /// sound has a gap in any case.
  private static let tolerance = 960.0
  private static let toleranceAfterOutage = 480.0
  private static let afterOutage = 100
  /// A number that is further away is a new beginning: a second.
  private static let farAway = 100
  /// So many late packets in a row are a new beginning.
  private static let lateLimit = 10
  /// Ticks in a row with packets that are later than jitter can be, until that is believed: a second of them.
  private static let farLimit = 100
  /// Ticks between two measurements of the jitter.
  private static let measurePeriod = 10
  /// Ticks with arrivals before the target may fall.
  private static let fewest = 100
  /// Samples by which the target falls in a measurement, at most: 4 ms a second, which playing faster follows.
  private static let targetFall = 19.2
  /// Reserve above the lateness of most packets: 4 ms, 5 ms more after an underrun, 24 ms at most. It shrinks by 1 ms a minute.
  private static let margins = 192.0...1152.0
  private static let marginRise = 240.0
  private static let marginFall = 48.0 / 6000

  /// The sound of the next 10 ms.
  enum Next: Equatable {
    /// The packet in the slot.
    case packet(slot: Int)
    /// A packet that has not come, though a later one has.
    case lost
    /// No packet is there.
    case empty
  }

  /// The decision of a tick.
  enum Plan: Equatable {
    case silence
    /// - Parameters:
    ///   - ratio: samples of the talker in the time of one sample of the mixer.
    ///   - isSpliced: whether packets were left out before the next one.
    case play(ratio: Double, isSpliced: Bool)
    /// Plays after silence.
    /// - Parameter skip: samples at the beginning of the next packet that are left out.
    case begin(ratio: Double, skip: Int)
  }

  private enum State { case idle, filling, playing }

  private var state = State.idle
  /// The number of the next packet to play, and of the newest, counted on without wrapping.
  private(set) var next = 0
  private var newest = -1
  /// One bit a slot.
  private var present: UInt32 = 0
  private var newestArrival = 0
  private var newestTransit = 0
  /// Whether packets were left out since the last tick.
  private var isSpliced = false
  private var hasArrived = false
  private var farTicks = 0
  private var lateInARow = 0
  private var emptyInARow = 0
  /// Ticks since the buffer was empty, in a row.
  private var ticksSinceOutage = Self.afterOutage
  private var margin = Self.margins.lowerBound
  private var ticksToMeasure = Self.measurePeriod
  private var jitter = ArrivalJitter()
  private var follower = DriftFollower()

  private(set) var target = Self.firstTarget
  /// The delay in the last tick.
  private(set) var delay = 0.0
  private(set) var underruns = 0
  private(set) var late = 0
  private(set) var lost = 0
  private(set) var dropped = 0

  /// How much faster the talker's clock runs than the mixer's, in millionths.
  var drift: Double { follower.drift }
  /// Packets from the next one to the newest one, those that are missing included.
  var fill: Int { newest - next + 1 }
  var isPlaying: Bool { state == .playing }
  /// The instant of the last arrival; nil before the first.
  var lastArrival: Int? { state == .idle ? nil : newestArrival }

  /// Takes a packet that has arrived.
  /// - Returns: the slot for its payload; nil if the packet is of no use.
  mutating func insert(sequence: UInt32, at now: Int) -> Int? {
    guard state != .idle else { return restart(sequence, at: now) }
    let number = newest + Int(Int32(bitPattern: sequence &- UInt32(truncatingIfNeeded: newest)))
    if abs(number - newest) > Self.farAway { return restart(sequence, at: now) }
    if number < next || (number <= newest && present & bit(number) != 0) {
      late += 1
      lateInARow += 1
      return lateInARow < Self.lateLimit ? nil : restart(sequence, at: now)
    }
    lateInARow = 0
    if number > newest {
      newest = number
      leaveOut(packets: fill - Self.slots)
    }
    return take(number, at: now)
  }

  private mutating func restart(_ sequence: UInt32, at now: Int) -> Int {
    dropped += present.nonzeroBitCount
    (present, lateInARow, isSpliced) = (0, 0, true)
    next = Int(sequence)
    newest = next
    // What is played goes on until its sound has ended.
    if state == .idle { state = .filling }
    jitter.clear()
    return take(next, at: now)
  }

  private mutating func take(_ number: Int, at now: Int) -> Int {
    present |= bit(number)
    let transit = now - (number + 1) * Sound.frames
    jitter.observe(transit: transit)
    if number == newest { (newestArrival, newestTransit, hasArrived) = (now, transit, true) }
    return number % Self.slots
  }

  private func bit(_ number: Int) -> UInt32 { 1 << UInt32(number % Self.slots) }

  /// Leaves out the oldest packets.
  private mutating func leaveOut(packets: Int) {
    guard packets > 0 else { return }
    for number in next..<(next + packets) {
      if present & bit(number) != 0 { dropped += 1 } else { lost += 1 }
      present &= ~bit(number)
    }
    next += packets
    isSpliced = true
  }

  /// Decides about the next tick.
  /// - Parameter queued: samples of packets that were taken out and are not yet played.
  mutating func tick(at now: Int, queued: Double) -> Plan {
    measure()
    switch state {
    case .idle: return .silence
    case .filling: return begin(at: now)
    case .playing: return play(at: now, queued: queued)
    }
  }

  /// Whether the newest packet is later than jitter can be: after a pause of the talker, or on a line that became slower.
  private var isFar: Bool { Double(newestTransit - jitter.earliest) > Self.targets.upperBound }

  private mutating func measure() {
    if hasArrived {
      farTicks = isFar ? farTicks + 1 : 0
      hasArrived = false
    }
    jitter.endTick()
    // The way of the packets is another one for good.
    if farTicks == Self.farLimit {
      jitter.clear()
      farTicks = 0
    }
    margin = max(Self.margins.lowerBound, margin - Self.marginFall)
    ticksToMeasure -= 1
    guard ticksToMeasure == 0 else { return }
    ticksToMeasure = Self.measurePeriod
    guard jitter.count > 0 else { return }
    let lateness = Double(jitter.measure() + Sound.frames) + margin
    let wanted = max(Self.targets.lowerBound, min(Self.targets.upperBound, lateness))
    if wanted >= target {
      target = wanted
    } else if jitter.count >= Self.fewest {
      target = max(wanted, target - Self.targetFall)
    }
  }

  /// Begins when the delay has reached the target.
  private mutating func begin(at now: Int) -> Plan {
    // Nobody waits for packets that were lost in the silence.
    while fill > 0, present & bit(next) == 0 { leaveOut(packets: 1) }
    guard fill > 0 else { return .silence }
    let held = Double((fill - 1) * Sound.frames + now - newestArrival)
    guard held >= target else { return .silence }
    let excess = Int(held - target)
    leaveOut(packets: min(excess / Sound.frames, fill - 1))
    while fill > 1, present & bit(next) == 0 { leaveOut(packets: 1) }
    state = .playing
    (emptyInARow, isSpliced) = (0, false)
    delay = target
    follower.rest()
    return .begin(ratio: follower.ratio, skip: excess % Sound.frames)
  }

  private mutating func play(at now: Int, queued: Double) -> Plan {
    // Packets that are there, and the time since the last one, without any guess at the lateness of that one.
    let age = max(0, min(now - newestArrival, Sound.frames))
    let held = Double((fill - 1) * Sound.frames + age) + queued
    ticksSinceOutage = emptyInARow > 0 ? 0 : min(ticksSinceOutage + 1, Self.afterOutage)
    let tolerance = ticksSinceOutage < Self.afterOutage ? Self.toleranceAfterOutage : Self.tolerance
    if held > target + tolerance { leaveOut(packets: min(Int(held - target) / Sound.frames, fill - 1)) }
    delay = isFar ? held : Double(now - jitter.earliest - (next + 1) * Sound.frames) + queued
    follower.follow(excess: delay - target)
    defer { isSpliced = false }
    return .play(ratio: follower.ratio, isSpliced: isSpliced)
  }

  /// Takes the next 10 ms out of the buffer.
  mutating func take() -> Next {
    guard fill > 0 else {
      emptyInARow += 1
      if emptyInARow == 1 { underruns += 1 }
      if emptyInARow == Self.concealment { state = .filling }
      return .empty
    }
    // While the delay still grows towards the target, the target is not to blame.
    if (1..<Self.concealment).contains(emptyInARow), delay > target - Self.margins.lowerBound {
      margin = min(Self.margins.upperBound, margin + Self.marginRise)
    }
    emptyInARow = 0
    defer { next += 1 }
    guard present & bit(next) != 0 else {
      lost += 1
      return .lost
    }
    present &= ~bit(next)
    return .packet(slot: next % Self.slots)
  }

  /// Forgets the packets, for a talker who is muted. What is known of his line and his clock is kept.
  mutating func stop() {
    present = 0
    state = .idle
    newest = next - 1
  }
}
