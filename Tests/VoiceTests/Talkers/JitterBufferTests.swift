import Testing

@testable import Voice

@Suite struct JitterBufferTests {
  private static let millisecond = 48

  @Test func `a clean line plays each packet once`() {
    var line = TestLine()
    line.run(ticks: 1000) { _ in 0 }
    let played = line.played!
    #expect(played == Array(played[0]..<(played[0] + played.count)))
    #expect(played[0] == 0 && played.count > 990)
    #expect(line.buffer.underruns == 0 && line.buffer.dropped == 0 && line.buffer.late == 0)
  }

  @Test func `the first target is 20 milliseconds`() {
    var line = TestLine()
    line.run(ticks: 50) { _ in 0 }
    #expect(line.buffer.target == 960)
    #expect(abs(line.trueDelay - 960) < 48)
  }

  @Test func `the target follows the jitter`() {
    var random = TestRandom(seed: 2)
    var line = TestLine()
    line.run(ticks: 3000) { _ in Int.random(in: 0..<(40 * Self.millisecond), using: &random) }
    // Most packets are less than 40 ms late, and a packet lasts 10 ms.
    #expect((45.0...78.0).contains(line.buffer.target / 48))
    let bad = line.empty
    line.run(ticks: 3000) { _ in Int.random(in: 0..<(40 * Self.millisecond), using: &random) }
    #expect(line.empty - bad <= 3)
    line.run(ticks: 6000) { _ in 0 }
    #expect(line.buffer.target < 20 * 48)
    #expect(line.buffer.dropped == 0)
  }

  @Test func `the target has its limits`() {
    var line = TestLine()
    // The packets come in bursts, five a second.
    line.run(ticks: 3000) { complete in 9600 - complete % 9600 }
    #expect(line.buffer.target == 5760)
    var clean = TestLine()
    clean.run(ticks: 60_000) { _ in 0 }
    #expect(clean.buffer.target >= 480 && clean.buffer.target < 16 * 48)
  }

  /// TCP held back for 200 ms every ten seconds: two seconds later the delay is what it was.
  @Test(arguments: [0, 3, 7])
  func `a stall leaves no delay`(jitter: Int) {
    var random = TestRandom(seed: 4)
    var line = TestLine()
    func lateness(_ complete: Int) -> Int {
      let phase = complete % 480_000
      if phase < 9600 { return 9600 - phase }
      return jitter == 0 ? 0 : Int.random(in: 0..<(jitter * Self.millisecond), using: &random)
    }
    line.run(ticks: 995) { lateness($0) }
    for _ in 0..<10 {
      let before = line.trueDelay
      line.run(ticks: 25 + 200) { lateness($0) }
      #expect(line.trueDelay - before <= 480)
      line.run(ticks: 1000 - 225) { lateness($0) }
    }
    #expect(line.buffer.target < 30 * 48)
    #expect(line.fill <= JitterBuffer.slots)
  }

  @Test func `an outage of two seconds leaves no delay`() {
    var line = TestLine()
    line.run(ticks: 500) { _ in 0 }
    let (before, now) = (line.trueDelay, line.now)
    line.run(ticks: 400) { complete in max(0, now + 96_000 - complete) }
    #expect(line.trueDelay - before <= 480)
    // It did not wait for the two seconds either.
    let played = line.played!.suffix(150)
    #expect(played.allSatisfy { $0 >= 0 } && Array(played) == Array(played.first!...played.last!))
  }

  /// The burst after an outage comes within 100 ms.
  @Test func `a burst that takes its time leaves no delay`() {
    var line = TestLine()
    line.run(ticks: 500) { _ in 0 }
    let (before, now) = (line.trueDelay, line.now)
    line.run(ticks: 60 + 200) { complete in
      complete > now + 28_800 ? 0 : max(0, now + 24_000 + (complete - now) / 6 - complete)
    }
    #expect(line.trueDelay - before <= 480)
  }

  @Test func `a line that becomes slower for good is followed`() {
    var line = TestLine()
    line.run(ticks: 500) { _ in 0 }
    line.run(ticks: 100) { _ in 300 * Self.millisecond }
    let underruns = line.buffer.underruns
    line.run(ticks: 3000) { _ in 300 * Self.millisecond }
    #expect(line.buffer.underruns == underruns)
    #expect(abs(line.trueDelay - 300 * 48 - line.buffer.target) < 480)
  }

  @Test func `a lost packet is concealed in its time`() {
    var line = TestLine()
    var number = 0
    line.run(ticks: 1000) { _ in
      number += 1
      return number % 20 == 0 ? nil : 0
    }
    #expect((48...50).contains(line.lost))
    #expect(line.empty == 0 && line.buffer.underruns == 0)
    #expect(abs(line.trueDelay - line.buffer.target) < 480)
  }

  @Test func `packets in another order are sorted`() {
    var buffer = JitterBuffer()
    var slots: [Int] = []
    for (index, sequence) in [0, 1, 2, 4, 3, 5, 7, 8, 6, 9].enumerated() {
      #expect(buffer.insert(sequence: UInt32(sequence), at: 480 * index) == sequence)
    }
    _ = buffer.tick(at: 4800, queued: 0)
    while buffer.fill > 0 { if case .packet(let slot) = buffer.take() { slots.append(slot) } }
    #expect(slots == slots.sorted() && slots.last == 9 && buffer.late == 0)
  }

  @Test func `a second copy is refused`() {
    var buffer = JitterBuffer()
    #expect(buffer.insert(sequence: 5, at: 0) != nil)
    #expect(buffer.insert(sequence: 5, at: 10) == nil)
    #expect(buffer.insert(sequence: 6, at: 480) != nil)
    #expect(buffer.insert(sequence: 5, at: 490) == nil)
    #expect(buffer.late == 2)
  }

  @Test func `the sequence wraps`() {
    var line = TestLine()
    line.firstSequence = .max - 100
    line.run(ticks: 1000) { _ in 0 }
    #expect(line.buffer.underruns == 0 && line.buffer.late == 0 && line.lost == 0 && line.buffer.dropped == 0)
    #expect(line.played!.count > 990)
  }

  @Test(arguments: [8, 50, 500])
  func `a talker stops and comes again`(pause: Int) {
    var line = TestLine()
    line.run(ticks: 500) { _ in 0 }
    line.run(ticks: pause) { _ in nil }
    line.run(ticks: 200) { _ in 0 }
    #expect(abs(line.trueDelay - line.buffer.target) < 480)
    #expect(line.played!.suffix(150).allSatisfy { $0 >= 0 })
    #expect(line.buffer.underruns == 1)
  }

  @Test func `a talker who counts from zero again is heard`() {
    for sent in [3, 50, 5000] {
      var buffer = JitterBuffer()
      var now = 0
      for number in 0..<sent {
        now += 480
        _ = buffer.insert(sequence: UInt32(number), at: now)
        if case .silence = buffer.tick(at: now, queued: 0) {} else { _ = buffer.take() }
      }
      var heard = 0
      for number in 0..<100 {
        now += 480
        _ = buffer.insert(sequence: UInt32(number), at: now)
        if case .silence = buffer.tick(at: now, queued: 0) { continue }
        if case .packet = buffer.take() { heard += 1 }
      }
      #expect(heard >= 75)
    }
  }

  @Test func `any numbers are safe`() {
    var random = TestRandom(seed: 5)
    var buffer = JitterBuffer()
    var now = 0
    for _ in 0..<100_000 {
      now += Int.random(in: 0..<2000, using: &random)
      let isWild = Bool.random(using: &random)
      let sequence =
        isWild ? UInt32.random(in: 0 ... .max, using: &random) : UInt32.random(in: 0..<300, using: &random)
      if let slot = buffer.insert(sequence: sequence, at: now) { #expect((0..<JitterBuffer.slots).contains(slot)) }
      if Bool.random(using: &random), buffer.tick(at: now, queued: 100) != .silence { _ = buffer.take() }
      #expect((0...JitterBuffer.slots).contains(buffer.fill) && JitterBuffer.targets.contains(buffer.target))
    }
  }

  /// A talker whose clock is off by 200 ppm, over a line with a little jitter, for a day.
  @Test(arguments: [200.0, -200])
  func `a day of drift loses nothing`(drift: Double) {
    var random = TestRandom(seed: 6)
    var line = TestLine()
    line.drift = drift
    line.played = nil
    line.run(ticks: 6000) { _ in Int(random.next() % 96) }
    var worst = 0.0
    for _ in 6000..<8_640_000 {
      line.run(ticks: 1) { _ in Int(random.next() % 96) }
      worst = max(worst, abs(line.buffer.delay - line.buffer.target))
    }
    #expect(worst < 480)
    #expect(abs(line.trueDelay - line.buffer.target) < 480)
    #expect(line.buffer.underruns == 0 && line.buffer.dropped == 0 && line.buffer.late == 0)
    #expect(line.lost == 0 && line.empty == 0)
    #expect(abs(line.buffer.drift - drift) < 20)
  }
}
