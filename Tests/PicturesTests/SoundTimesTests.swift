import Testing

@testable import Pictures

@Suite struct SoundTimesTests {
  @Test func `without a packet, nothing is known`() {
    #expect(SoundTimes().instant(of: 0) == nil)
  }

  @Test func `the packet with the shortest way counts`() {
    var times = SoundTimes()
    for (index, lateness) in [2000, 300, 900, 5000].enumerated() {
      times.note(sampleTime: UInt64(index * 480), length: 480, at: 1_000_000 + (index + 1) * 480 + lateness)
    }
    #expect(times.instant(of: 48_000) == 1_048_300)
  }

  @Test func `a shortest way that is ten seconds old is forgotten`() {
    var times = SoundTimes()
    for index in 0..<2000 {
      let lateness = index < 10 ? 0 : 480
      times.note(sampleTime: UInt64(index * 480), length: 480, at: (index + 1) * 480 + lateness)
    }
    #expect(times.instant(of: 0) == 480)
  }

  @Test func `a talker that counts anew is followed at once`() {
    var times = SoundTimes()
    times.note(sampleTime: 48_000_000, length: 480, at: 1_000_480)
    times.note(sampleTime: 0, length: 480, at: 2_000_480)
    #expect(times.instant(of: 960) == 2_000_960)
  }

  @Test func `a sample time beyond all sense is of no use`() {
    var times = SoundTimes()
    times.note(sampleTime: .max, length: 480, at: 480)
    #expect(times.instant(of: 0) == nil)
    times.note(sampleTime: 0, length: 480, at: 480)
    #expect(times.instant(of: .max) == nil && times.instant(of: 1 << 60) == nil)
  }
}
