import Testing

@testable import Voice

/// The rule of N−1, by exact tones and by exact silence.
@Suite struct RoomMixerTests {
  private static let frequencies = [1: 500.0, 2: 800, 3: 1300, 4: 2100, 5: 3400, 6: 5500, 7: 7000, 8: 9000]

  private func room(opus: Bool = false, form: SoundCodec = .pcm16, talkers: Int = 8) -> TestRoom {
    let room = TestRoom()
    for member in 1...talkers {
      let tone = Tone(frequency: Self.frequencies[member]!, amplitude: 0.05)
      room.addTalker(member, form: form, opus: opus, tone.sample)
    }
    return room
  }

  /// The members whose tones a member has heard.
  private func tones(_ room: TestRoom, _ member: Int) -> Set<Int> {
    let samples = room.samples(member)
    return Set(Self.frequencies.filter { Tone.amplitude(of: $0.value, in: samples) > 0.02 }.keys)
  }

  @Test(arguments: [SoundCodec.pcm16, .opus])
  func `each talker hears all others and not himself`(form: SoundCodec) {
    let room = room(opus: form == .opus, form: form)
    room.addListener(9, form: form)
    room.run(ticks: 50)
    room.forget()
    room.run(ticks: 50)
    for member in 1...8 { #expect(tones(room, member) == Set(1...8).subtracting([member])) }
    #expect(tones(room, 9) == Set(1...8))
  }

  @Test func `an own voice leaves nothing behind`() {
    let room = room(talkers: 2)
    room.talkers[2]!.sound = { _ in 0 }
    var random = TestRandom(seed: 1)
    room.talkers[1]!.sound = { _ in Float.random(in: -1...1, using: &random) }
    room.run(ticks: 100)
    #expect(room.samples(1).allSatisfy { $0 == 0 })
    #expect(room.samples(2).suffix(4800).contains { abs($0) > 0.5 })
  }

  @Test func `members who come go and mute are heard or not`() {
    let room = room(talkers: 4)
    room.run(ticks: 50)
    room.change(2) { $0.isMuted = true }
    room.settings.removeAll { $0.member == 3 }
    room.update()
    room.run(ticks: 10)
    room.forget()
    room.run(ticks: 50)
    #expect(tones(room, 1) == [4])
    #expect(tones(room, 2) == [1, 4])
    #expect(tones(room, 4) == [1])
    #expect(room.heard[3] == nil)
    room.change(2) { $0.isMuted = false }
    room.addTalker(5, Tone(frequency: Self.frequencies[5]!, amplitude: 0.05).sample)
    room.run(ticks: 20)
    room.forget()
    room.run(ticks: 50)
    #expect(tones(room, 1) == [2, 4, 5])
    #expect(tones(room, 5) == [1, 2, 4])
  }

  @Test func `a mute is silent after five milliseconds`() {
    let room = room(talkers: 2)
    room.run(ticks: 50)
    room.forget()
    room.change(2) { $0.isMuted = true }
    room.run(ticks: 3)
    #expect(room.samples(1).dropFirst(240).allSatisfy { $0 == 0 })
    #expect(room.samples(1).prefix(240).contains { $0 != 0 })
  }

  /// A tone of 500 Hz moves by at most 0.0033 from sample to sample.
  @Test func `joining muting and leaving make no clicks`() {
    let room = room(talkers: 2)
    room.talkers[2]!.sound = Tone(frequency: 500, amplitude: 0.05).sample
    room.run(ticks: 30)
    for _ in 0..<5 {
      room.change(2) { $0.isMuted.toggle() }
      room.run(ticks: 17)
    }
    room.change(2) { $0.isMuted = false }
    room.run(ticks: 30)
    room.settings.removeAll { $0.member == 2 }
    room.update()
    room.run(ticks: 10)
    let samples = room.samples(1)
    #expect(zip(samples, samples.dropFirst()).allSatisfy { abs($0 - $1) < 0.005 })
  }

  @Test func `packets of a member who may not talk are dropped`() {
    let room = room(talkers: 1)
    room.addListener(2)
    room.talkers[2] = TestRoom.Talker(sound: Tone(frequency: 800).sample)
    room.run(ticks: 50)
    #expect(room.samples(1).allSatisfy { $0 == 0 })
    #expect(room.mixer.figures(of: 2) == nil)
  }

  @Test func `a bad packet is told`() {
    let room = room(talkers: 1)
    [UInt8](repeating: 1, count: 976).withUnsafeBytes {
      #expect(!room.mixer.receive(member: 1, packet: $0, at: room.now))
    }
    TestPacket.pcm([Float](repeating: 0, count: 480), sequence: 0).withUnsafeBytes {
      #expect(room.mixer.receive(member: 1, packet: $0, at: room.now))
      #expect(room.mixer.receive(member: 77, packet: $0, at: room.now))
    }
  }

  @Test func `each member has its own numbers and times`() {
    let room = room(talkers: 1)
    room.run(ticks: 7)
    room.addListener(5)
    room.run(ticks: 3)
    #expect(room.heard[1]!.map(\.sequence) == Array(0..<10))
    #expect(room.heard[5]!.map(\.sequence) == [0, 1, 2])
    #expect(room.heard[5]!.map(\.sampleTime) == [0, 480, 960])
  }

  @Test func `members who only listen are sent the same bytes`() {
    let room = room(form: .opus, talkers: 2)
    room.addListener(5, form: .opus)
    room.addListener(6, form: .opus)
    room.change(2) { $0.isMuted = true }
    room.run(ticks: 50)
    room.forget()
    room.run(ticks: 50)
    #expect(room.heard[5]!.map(\.payload) == room.heard[6]!.map(\.payload))
    #expect(room.heard[5]!.map(\.payload) == room.heard[2]!.map(\.payload))
    #expect(room.heard[5]!.map(\.payload) != room.heard[1]!.map(\.payload))
  }

  @Test func `silence is sent too`() {
    let room = TestRoom()
    room.addListener(1)
    room.addListener(2, form: .opus)
    room.run(ticks: 5)
    #expect(room.heard[1]!.count == 5 && room.samples(1).allSatisfy { $0 == 0 })
    #expect(room.heard[2]!.count == 5 && room.samples(2).allSatisfy { abs($0) < 1e-4 })
  }

  @Test func `a member without a form is sent nothing`() {
    let room = room(talkers: 2)
    room.change(1) { $0.form = nil }
    room.run(ticks: 50)
    #expect(room.heard[1] == nil)
    #expect(tones(room, 2) == [1])
  }

  @Test func `the mix is stereo while a voice in it is`() {
    let room = room(talkers: 3)
    room.talkers[2]!.sound = Tone(frequency: 800, amplitude: 0.05).sample
    room.talkers[2]!.right = Tone(frequency: 1300, amplitude: 0.05).sample
    room.talkers[3]!.sound = Tone(frequency: 2100, amplitude: 0.05).sample
    room.run(ticks: 50)
    room.forget()
    room.run(ticks: 50)
    #expect(room.heard[1]!.allSatisfy { $0.isStereo })
    #expect(room.heard[2]!.allSatisfy { !$0.isStereo })
    let left = [500, 800, 1300, 2100].filter { Tone.amplitude(of: $0, in: room.samples(1)) > 0.02 }
    let right = [500, 800, 1300, 2100].filter { Tone.amplitude(of: $0, in: room.samples(1, channel: 1)) > 0.02 }
    #expect(left == [800, 2100] && right == [1300, 2100])
    let others = [500, 800, 1300, 2100].filter { Tone.amplitude(of: $0, in: room.samples(2)) > 0.02 }
    #expect(others == [500, 2100])
    room.talkers[2]!.right = nil
    room.run(ticks: 150)
    #expect(room.heard[1]!.last!.isStereo == false)
  }

  @Test func `the programme is heard by those who want it`() {
    let room = room(talkers: 2)
    room.addListener(3, hearsProgramme: true)
    room.addListener(4)
    room.change(2) { $0.hearsProgramme = true }
    room.programme = (0..<480).flatMap { index in
      [Tone(frequency: 3400, amplitude: 0.05).sample(index), Tone(frequency: 5500, amplitude: 0.05).sample(index)]
    }
    room.run(ticks: 50)
    room.forget()
    room.run(ticks: 50)
    #expect(room.heard[3]!.allSatisfy(\.isStereo) && room.heard[2]!.allSatisfy(\.isStereo))
    #expect(room.heard[4]!.allSatisfy { !$0.isStereo } && room.heard[1]!.allSatisfy { !$0.isStereo })
    // 3400 Hz is 34 periods in 480 samples, so that the programme has no jumps.
    #expect(
      tones(room, 3) == [1, 2, 5] && tones(room, 2) == [1, 5] && tones(room, 4) == [1, 2] && tones(room, 1) == [2])
    #expect(Tone.amplitude(of: 5500, in: room.samples(2, channel: 1)) > 0.04)
  }

  @Test func `only who is on the air is in the air mix`() {
    let room = room(talkers: 3)
    room.change(2) { $0.isOnAir = true }
    room.run(ticks: 50)
    #expect(room.mixer.airIsOn)
    room.forget()
    room.run(ticks: 50)
    let left = stride(from: 0, to: room.air.count, by: 2).map { room.air[$0] }
    let right = stride(from: 1, to: room.air.count, by: 2).map { room.air[$0] }
    #expect(left == right)
    #expect(abs(Tone.amplitude(of: 800, in: left) - 0.05) < 0.002)
    #expect(Tone.amplitude(of: 500, in: left) < 1e-5 && Tone.amplitude(of: 1300, in: left) < 1e-5)
    room.forget()
    room.change(2) { $0.isOnAir = false }
    room.run(ticks: 3)
    #expect(!room.mixer.airIsOn)
    #expect(room.air.dropFirst(2 * (240 + Limiter.delay)).allSatisfy { $0 == 0 })
  }

  @Test func `the air is off when packets stay away`() {
    let room = room(talkers: 1)
    room.change(1) { $0.isOnAir = true }
    #expect(!room.mixer.airIsOn)
    room.run(ticks: 20)
    #expect(room.mixer.airIsOn && room.mixer.airIsTalking)
    room.talkers[1]!.isSending = false
    room.run(ticks: 60)
    #expect(!room.mixer.airIsOn)
    room.talkers[1]!.isSending = true
    room.run(ticks: 5)
    #expect(room.mixer.airIsOn)
  }

  @Test func `more than 64 voices are not mixed`() {
    let room = TestRoom()
    for member in 0..<70 { room.settings.append(VoiceSettings(member: member, form: .pcm16)) }
    room.update()
    room.run(ticks: 2)
    #expect((0..<70).count { room.mixer.figures(of: $0) != nil } == 64)
    for place in 0..<6 { room.settings[place].isMuted = true }
    room.update()
    #expect((6..<70).allSatisfy { room.mixer.figures(of: $0) != nil })
  }

  @Test func `a thousand members are sent their packets`() {
    let room = room(talkers: 2)
    for member in 10..<1008 { room.addListenerWithoutUpdate(member) }
    room.update()
    room.run(ticks: 3)
    #expect(room.heard.count == 1000 && room.heard.values.allSatisfy { $0.count == 3 })
  }

  @Test func `the gain of a loud sum is bent`() {
    let room = room(talkers: 8)
    for member in 1...8 { room.talkers[member]!.sound = Tone(frequency: 500, amplitude: 0.4).sample }
    room.addListener(9)
    room.run(ticks: 50)
    let samples = room.samples(9).suffix(4800)
    #expect(samples.max()! < 1 && samples.max()! > 0.9)
    #expect(zip(samples, samples.dropFirst()).allSatisfy { abs($0 - $1) < 0.3 })
  }
}

extension TestRoom {
  fileprivate func addListenerWithoutUpdate(_ member: Int) {
    settings.append(VoiceSettings(member: member, form: .pcm16, maySpeak: false))
  }
}
