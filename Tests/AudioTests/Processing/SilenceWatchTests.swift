import Audio
import Testing

@Suite struct SilenceWatchTests {
  private let loud: Int32 = 1 << 24
  /// -66 dBFS.
  private let hum: Int32 = 1 << 20

  /// Two channels at 1 kHz, so that a frame is a millisecond; blocks of ten.
  private struct Listener {
    var watch = SilenceWatch(format: PCMFormat(sampleRate: 1000, channels: 2), alarmAfter: .seconds(5))
    var now = 0
    var changes: [Int] = []

    mutating func hear(_ left: Int32, _ right: Int32, milliseconds: Int) {
      for _ in 0..<milliseconds / 10 {
        let block = (0..<10).flatMap { $0 % 2 == 0 ? [left, right] : [-left, -right] }
        now += 10
        if let change = watch.observe(block) { changes.append(change == .silent ? now : -now) }
      }
    }
  }

  @Test func `silence of the length given is noticed once, and half a second of sound ends it`() {
    var listener = Listener()
    listener.hear(loud, loud, milliseconds: 2000)
    listener.hear(0, 0, milliseconds: 60_000)
    listener.hear(0, loud, milliseconds: 2000)
    #expect(listener.changes == [7000, -62_500])
  }

  @Test func `a source that never had any sound is silent too`() {
    var listener = Listener()
    listener.hear(hum, hum, milliseconds: 6000)
    #expect(listener.changes == [5000])
  }

  @Test func `one channel that sounds is sound, and pauses in speech are none`() {
    var listener = Listener()
    for _ in 0..<20 {
      listener.hear(loud, 0, milliseconds: 300)
      listener.hear(0, 0, milliseconds: 900)
    }
    #expect(listener.changes == [])
  }

  @Test func `a click now and then neither ends a silence nor puts it off`() {
    var listener = Listener()
    for _ in 0..<20 {
      listener.hear(0, 0, milliseconds: 2000)
      listener.hear(loud, loud, milliseconds: 50)
    }
    #expect(listener.changes == [5000])
  }
}
