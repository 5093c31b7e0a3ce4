import Testing

@testable import Live

@Suite struct AirWatchTests {
  private var watch = AirWatch(rate: 48_000)

  @Test mutating func `nobody is on the air at first, and the first sound is news`() {
    #expect(watch.observe(isOn: false, frames: 480) == nil)
    #expect(watch.observe(isOn: true, frames: 480) == .back(frames: 480))
    #expect(watch.observe(isOn: true, frames: 480) == nil)
  }

  @Test mutating func `a pause of less than a second is no loss`() {
    _ = watch.observe(isOn: true, frames: 480)
    for _ in 0..<99 { #expect(watch.observe(isOn: false, frames: 480) == nil) }
    #expect(watch.observe(isOn: true, frames: 480) == nil)
    for _ in 0..<99 { #expect(watch.observe(isOn: false, frames: 480) == nil) }
  }

  @Test mutating func `a loss is told once, and the outage counts from the last sound`() {
    _ = watch.observe(isOn: true, frames: 480)
    for _ in 0..<99 { #expect(watch.observe(isOn: false, frames: 480) == nil) }
    #expect(watch.observe(isOn: false, frames: 480) == .lost)
    for _ in 0..<100 { #expect(watch.observe(isOn: false, frames: 480) == nil) }
    #expect(watch.observe(isOn: true, frames: 480) == .back(frames: 96_000))
  }
}
