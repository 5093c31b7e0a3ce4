import Testing

@testable import Voice

@Suite struct EchoDetectorTests {
  /// Seconds until a detector finds an echo; nil if it does not.
  private func find(seconds: Int, _ sound: (Int) -> (uplink: [Float], mix: [Float])) -> (Int?, EchoDetector) {
    let (detector, uplink, mix) = (EchoDetector(), Block(), Block())
    defer {
      uplink.free()
      mix.free()
    }
    for tick in 0..<(100 * seconds) {
      let next = sound(tick)
      uplink.samples.update(from: next.uplink, count: 480)
      mix.samples.update(from: next.mix, count: 480)
      detector.observe(uplink: uplink, mix: mix)
      if detector.hasEcho { return (tick / 100, detector) }
    }
    return (nil, detector)
  }

  /// The mix comes back 20 dB weaker, with the noise of a room.
  @Test(arguments: [80, 200, 450, 590])
  func `a microphone that repeats the mix is found`(milliseconds: Int) {
    var (speech, random) = (TestSpeech(seed: 1), TestRandom(seed: 2))
    var past = [Float](repeating: 0, count: milliseconds * 48)
    let (found, detector) = find(seconds: 15) { _ in
      let mix = speech.next()
      past += mix
      let uplink = past.prefix(480).map { 0.1 * $0 + Float.random(in: -0.0005...0.0005, using: &random) }
      past.removeFirst(480)
      return (uplink, mix)
    }
    #expect(found != nil && found! <= 8)
    #expect(abs(detector.echoDelay - milliseconds * 48) <= 480)
  }

  @Test(arguments: 1..<9)
  func `two people who talk at once are no echo`(seed: UInt64) {
    var (one, other) = (TestSpeech(seed: seed), TestSpeech(seed: 1000 + seed))
    #expect(find(seconds: 60) { _ in (one.next(), other.next()) }.0 == nil)
  }

  /// They take turns of two seconds, with no gap.
  @Test func `two people who take turns are no echo`() {
    var (one, other) = (TestSpeech(seed: 21), TestSpeech(seed: 22))
    let silence = [Float](repeating: 0, count: 480)
    let found = find(seconds: 60) { tick in
      tick / 200 % 2 == 0 ? (one.next(), silence) : (silence, other.next())
    }
    #expect(found.0 == nil)
  }

  @Test func `steady tones and silence are no echo`() {
    let tone = Tone(frequency: 440)
    let sound = (0..<480).map(tone.sample)
    #expect(find(seconds: 20) { _ in (sound, sound) }.0 == nil)
    let silence = [Float](repeating: 0, count: 480)
    #expect(find(seconds: 20) { _ in (silence, silence) }.0 == nil)
  }

  /// The whole road through the mixer: member 2 sends what he hears.
  @Test func `the mixer tells whose microphone repeats the mix`() {
    let room = TestRoom()
    var speech = TestSpeech(seed: 5)
    var past = [Float](repeating: 0, count: 9600)
    var own: [Float] = []
    room.addTalker(1) { index in own[index % 480] }
    room.addTalker(2) { index in past[index % 480] }
    for _ in 0..<1000 {
      own = speech.next()
      room.run(ticks: 1)
      past.removeFirst(480)
      past += room.samples(2).suffix(480).map { 0.2 * $0 }
      room.forget()
    }
    #expect(room.mixer.figures(of: 2)!.hasEcho)
    #expect(!room.mixer.figures(of: 1)!.hasEcho)
  }
}
