/// Finds out whether a talker's microphone repeats the mix that the talker is sent: whether the rise and fall of the loudness
/// in four bands is the same, 50 to 600 ms later. Speech of two people rises and falls differently.
final class EchoDetector {
  /// Values of 5 ms that are compared: 3 s.
  private static let window = 600
  /// Values of 5 ms. Each tick tries three of them, so that all ticks cost the same; the count is a multiple of three.
  private static let delays = 10...120
  private static let capacity = window + delays.upperBound
  /// The correlation from which one sweep over all delays finds an echo.
  private static let threshold: Float = 0.6
  /// Values by which the delay may move between two sweeps.
  private static let tolerance = 2
  /// Sweeps in a row that find an echo, or none, before that is believed.
  private static let (begin, end) = (10, 8)
  /// The mean square of the values of a voice, of all bands together, below which nobody talks: dB².
  private static let liveliness: Float = 20

  private let uplinks = ring()
  private let mixes = ring()
  private var uplinkBands = EchoBands()
  private var mixBands = EchoBands()
  /// The place of the next values; each value is stored twice, so that a window is never cut.
  private var index = 0
  private var delay = delays.lowerBound
  private var best = (correlation: Float(0), delay: 0)
  private var lastDelay = 0
  private var found = 0
  private var missed = 0

  private(set) var hasEcho = false
  /// The strongest correlation of the last sweep.
  private(set) var correlation: Float = 0
  /// The delay of the echo in samples.
  var echoDelay: Int { lastDelay * Sound.frames / EchoBands.perTick }

  deinit {
    uplinks.deallocate()
    mixes.deallocate()
  }

  private static func ring() -> UnsafeMutablePointer<SIMD4<Float>> {
    let ring = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: 2 * capacity)
    ring.initialize(repeating: .zero, count: 2 * capacity)
    return ring
  }

  /// Forgets the sound so far.
  func reset() {
    uplinks.update(repeating: .zero, count: 2 * Self.capacity)
    mixes.update(repeating: .zero, count: 2 * Self.capacity)
    (uplinkBands, mixBands) = (EchoBands(), EchoBands())
    (delay, best, found, missed, hasEcho) = (Self.delays.lowerBound, (0, 0), 0, 0, false)
  }

  /// Takes 10 ms of the talker's voice, and of the mix that the talker is sent.
  func observe(uplink: Block, mix: Block) {
    let (uplink, mix) = (uplinkBands.observe(uplink), mixBands.observe(mix))
    put(uplink.0, mix.0)
    put(uplink.1, mix.1)
    compare()
  }

  private func put(_ uplink: SIMD4<Float>, _ mix: SIMD4<Float>) {
    var place = index
    for _ in 0..<2 {
      uplinks[place] = uplink
      mixes[place] = mix
      place += Self.capacity
    }
    index = (index + 1) % Self.capacity
  }

  /// Tries the next three delays. One way through the window serves all of them.
  private func compare() {
    // The oldest value is at `index`.
    let uplink = uplinks + index + Self.delays.upperBound
    let mix = mixes + index + Self.delays.upperBound - delay
    var (power, firstOther) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
    var (one, two, three) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
    for place in 0..<Self.window {
      let value = uplink[place]
      power += value * value
      firstOther += mix[place] * mix[place]
      one += value * mix[place]
      two += value * mix[place - 1]
      three += value * mix[place - 2]
    }
    // The window of the next delay begins a value earlier, and ends a value earlier.
    let second = mix - 1
    let third = mix - 2
    let last = Self.window - 1
    let secondOther = firstOther + second[0] * second[0] - mix[last] * mix[last]
    let thirdOther = secondOther + third[0] * third[0] - second[last] * second[last]
    note(one, power, firstOther)
    note(two, power, secondOther)
    note(three, power, thirdOther)
  }

  /// Takes the result of the next delay.
  private func note(_ product: SIMD4<Float>, _ first: SIMD4<Float>, _ second: SIMD4<Float>) {
    let (power, other) = (first.sum(), second.sum())
    let least = Self.liveliness * Float(Self.window)
    if power > least, other > least {
      let correlation = product.sum() / (power * other).squareRoot()
      if correlation > best.correlation { best = (correlation, delay) }
    }
    delay += 1
    guard delay > Self.delays.upperBound else { return }
    delay = Self.delays.lowerBound
    judge()
  }

  private func judge() {
    correlation = best.correlation
    if best.correlation >= Self.threshold, found == 0 || abs(best.delay - lastDelay) <= Self.tolerance {
      (found, missed) = (found + 1, 0)
      if found >= Self.begin { hasEcho = true }
    } else {
      (found, missed) = (best.correlation >= Self.threshold ? 1 : 0, missed + 1)
      if missed >= Self.end { hasEcho = false }
    }
    lastDelay = best.delay
    best = (0, 0)
  }
}
