import Core
import HLS
import Testing

/// A card at 48 kHz, simulated in fast time: it hands over 480 frames each 10 ms by its own crystal, each lump up to 3 ms
/// late and some much later.
@Suite struct StreamClockTests {
  private struct Card {
    static let start = WallTime(microseconds: 1_790_000_000_000_000)
    var clock = StreamClock(rate: 48_000, origin: start)
    var samples = 0
    /// Microseconds by the wall clock since the start.
    var elapsed = 0.0
    var partsPerMillion = 0.0
    /// How much the wall clock was set forward in all, in microseconds.
    var set = 0
    private var noise: UInt64 = 42
    private(set) var largestStep = 0
    private(set) var leaps = 0

    init(partsPerMillion: Double = 0) {
      self.partsPerMillion = partsPerMillion
    }

    mutating func run(seconds: Int) {
      for _ in 0..<seconds {
        let before = clock.origin.microseconds
        for _ in 0..<100 { lump() }
        let step = abs(clock.origin.microseconds - before)
        if step > StreamClock.leap { leaps += 1 } else { largestStep = max(largestStep, step) }
      }
    }

    private mutating func lump() {
      samples += 480
      elapsed += 10_000 / (1 + partsPerMillion / 1e6)
      noise = noise &* 6_364_136_223_846_793_005 &+ 1
      let late = noise >> 60 == 0 ? 80_000 : Int(noise >> 33 % 3000)
      clock.observe(samples: samples, at: WallTime(microseconds: now + late))
    }

    /// By the wall clock.
    var now: Int { Self.start.microseconds + Int(elapsed) + set }

    /// How wrong the date of the sample that is recorded now is, in microseconds.
    var error: Int { clock.origin.advanced(samples: samples, rate: 48_000).microseconds - now }
  }

  @Test(arguments: [-200.0, -20, 0, 20, 200])
  func `a card that is off for a day leaves no date ten milliseconds wrong, and its drift is known to half a part`(
    partsPerMillion: Double
  ) throws {
    var card = Card(partsPerMillion: partsPerMillion)
    for _ in 0..<24 {
      card.run(seconds: 3600)
      #expect(abs(card.error) < 10_000)
      #expect(abs(try #require(card.clock.partsPerMillion) - partsPerMillion) < 0.5)
    }
    #expect(card.leaps == 0 && card.largestStep <= StreamClock.slew)
  }

  @Test func `the drift is nil until five minutes tell it`() {
    var card = Card(partsPerMillion: 50)
    card.run(seconds: 290)
    #expect(card.clock.partsPerMillion == nil)
    card.run(seconds: 30)
    #expect(card.clock.partsPerMillion.map { abs($0 - 50) < 5 } == true)
  }

  @Test func `a crystal that changes with the temperature is followed`() {
    var card = Card()
    for hour in 0..<24 {
      card.partsPerMillion = hour % 12 < 6 ? 80 : -80
      card.run(seconds: 3600)
      #expect(abs(card.error) < 10_000)
    }
    #expect(card.leaps == 0)
  }

  @Test(arguments: [3_600_000_000, -3_600_000_000, 28_800_000_000, 600_000, -600_000])
  func `when the wall clock is set, or the machine has slept, dates follow within four seconds and at one stroke`(
    microseconds: Int
  ) {
    var card = Card(partsPerMillion: 30)
    card.run(seconds: 600)
    card.set += microseconds
    card.run(seconds: 4)
    #expect(abs(card.error) < 10_000 && card.leaps == 1)
    card.run(seconds: 600)
    #expect(abs(card.error) < 10_000 && card.leaps == 1)
    #expect(card.clock.partsPerMillion.map { abs($0 - 30) < 5 } == true, "the step is no drift")
  }

  @Test(arguments: [400_000, -400_000])
  func `a small correction of the wall clock is followed by a thousandth at the most`(microseconds: Int) {
    var card = Card()
    card.run(seconds: 60)
    card.set += microseconds
    card.run(seconds: 600)
    #expect(abs(card.error) < 10_000)
    #expect(card.leaps == 0 && card.largestStep <= StreamClock.slew)
  }

  @Test(arguments: [1.5, 11])
  func `samples that come in late after a stall move no date`(stall: Double) {
    var card = Card()
    card.run(seconds: 60)
    // The process did not run, and then reads at ten times the pace what was kept.
    let before = card.clock.origin.microseconds
    for lump in 0..<Int(stall * 100) {
      let late = Int(stall * 1e6) - lump * 9_000
      card.samples += 480
      card.elapsed += 10_000
      card.clock.observe(samples: card.samples, at: WallTime(microseconds: card.now + max(0, late)))
    }
    card.run(seconds: 20)
    #expect(abs(card.clock.origin.microseconds - before) < 4_000)
  }
}
