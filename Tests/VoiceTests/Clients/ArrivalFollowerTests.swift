import Testing

@testable import Voice

/// A client in a simulated time of ticks of 10 ms.
private struct Simulation {
  private let drift: Double
  private let burst: Int
  /// Frames that the client has made, and has sent.
  private var made = 0.0
  private var sent = 0.0
  /// Frames that wait.
  private(set) var fill = 0.0
  private(set) var follower = ArrivalFollower()
  private var tick = 0
  /// Ticks without sound since the first sound.
  private(set) var holes = 0
  private var hasPlayed = false
  private(set) var mostFill = 0.0
  private(set) var largestChange = 0.0

  /// - Parameters:
  ///   - drift: the client's clock is faster by this, in millionths.
  ///   - burst: the client's sound comes in bursts of this length, in ticks.
  init(drift: Double = 0, burst: Int = 1) {
    (self.drift, self.burst) = (drift, burst)
  }

  /// - Parameters:
  ///   - pauses: the client sends nothing in this tick.
  ///   - loses: the client does not send later what it could not send now.
  mutating func run(pauses: Bool = false, loses: Bool = false) {
    made += 480 * (1 + drift / 1e6)
    tick += 1
    if pauses {
      if loses { sent = made }
    } else if tick % burst == 0 {
      fill += made - sent
      sent = made
    }
    switch follower.tick(fill: Int(fill), isAhead: false) {
    case .wait: if hasPlayed { holes += 1 }
    case .play(let ratio, let skip):
      hasPlayed = true
      fill -= Double(skip) + ratio * 480
      largestChange = max(largestChange, abs(ratio - 1))
    }
    mostFill = max(mostFill, fill)
  }

  mutating func forgetPeaks() { (holes, mostFill, largestChange) = (0, 0, 0) }
}

private let hour = 360_000

@Suite struct ArrivalFollowerTests {
  @Test func `the sound of a client begins when the reserve has come`() {
    var simulation = Simulation()
    for _ in 0..<19 { simulation.run() }
    #expect(!simulation.follower.isPlaying)
    simulation.run()
    #expect(simulation.follower.isPlaying)
  }

  @Test(arguments: [-80.0, 80])
  func `in a week, a client whose clock is off by 80 millionths makes no hole and no delay`(drift: Double) {
    var simulation = Simulation(drift: drift)
    for _ in 0..<hour { simulation.run() }
    simulation.forgetPeaks()
    for _ in 0..<(167 * hour) { simulation.run() }
    #expect(simulation.holes == 0)
    #expect(simulation.mostFill < 0.25 * 48_000)
    #expect(simulation.largestChange < 0.000_5)
    #expect(abs((simulation.follower.ratio - 1) * 1e6 - drift) < 20)
  }

  @Test(arguments: [true, false])
  func `in a week, a client that pauses for 3 s each hour has no growing delay`(loses: Bool) {
    var simulation = Simulation(drift: 30)
    for _ in 0..<168 {
      for tick in 0..<hour { simulation.run(pauses: tick < 300, loses: loses) }
    }
    // A pause is heard as a hole that is as long as the pause, and the reserve.
    #expect(simulation.holes < 168 * 340)
    #expect(simulation.holes > 168 * 270)
    simulation.forgetPeaks()
    for _ in 0..<1000 { simulation.run() }
    #expect(simulation.mostFill < 0.4 * 48_000)
  }

  @Test func `bursts of a second make no hole, and add no delay beyond their length`() {
    var simulation = Simulation(drift: 50, burst: 100)
    for _ in 0..<(4 * hour) { simulation.run() }
    #expect(simulation.holes < 100)
    simulation.forgetPeaks()
    for _ in 0..<(20 * hour) { simulation.run() }
    #expect(simulation.holes == 0)
    #expect(simulation.mostFill < 1.3 * 48_000)
  }

  @Test func `short holes make the reserve longer, and time makes the reserve shorter`() {
    var simulation = Simulation()
    for _ in 0..<1000 { simulation.run() }
    let before = simulation.follower.reserve
    for _ in 0..<40 { simulation.run(pauses: true) }
    for _ in 0..<100 { simulation.run() }
    #expect(simulation.follower.reserve > before * 1.4)
    for _ in 0..<hour { simulation.run() }
    #expect(simulation.follower.reserve < before)
  }

  @Test func `the rest of a client that is gone is played at once`() {
    var follower = ArrivalFollower()
    #expect(follower.tick(fill: 600, isAhead: false) == .wait)
    #expect(follower.tick(fill: 600, isAhead: false, isOver: true) == .play(ratio: 1, skip: 0))
    #expect(follower.tick(fill: 120, isAhead: false, isOver: true) == .wait)
  }

  @Test func `a client that runs ahead is played faster by a thousandth at the most`() {
    var follower = ArrivalFollower()
    for _ in 0..<100_000 {
      guard case .play(let ratio, let skip) = follower.tick(fill: 96_000, isAhead: true) else { continue }
      #expect(ratio <= 1.001)
      #expect(skip == 0)
    }
    #expect(follower.isPlaying)
  }
}
