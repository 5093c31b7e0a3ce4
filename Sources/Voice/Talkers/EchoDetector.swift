/// Finds out whether a talker's microphone repeats the mix that the talker is sent: whether the rise and fall of the loudness
/// in four bands is the same, 50 to 600 ms later. Speech of two people rises and falls differently.
final class EchoDetector {
  /// Values of 5 ms that are compared: 3 s.
  private static let window = 600
  private static let delays = 10...120
  /// Delays that are tried in a tick, so that all ticks cost the same.
  private static let delaysPerTick = 3
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
    for _ in 0..<Self.delaysPerTick { compare() }
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

  private func compare() {
    // The oldest value is at `index`.
    let uplink = uplinks + index + Self.delays.upperBound
    let mix = mixes + index + Self.delays.upperBound - delay
    var (product, first, second) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
    for place in 0..<Self.window {
      product += uplink[place] * mix[place]
      first += uplink[place] * uplink[place]
      second += mix[place] * mix[place]
    }
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
