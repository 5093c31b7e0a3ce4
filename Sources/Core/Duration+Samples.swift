extension Duration {
  /// The span of `count` samples at `rate` samples per second, rounded towards zero to a nanosecond.
  package static func samples(_ count: Int, rate: Int) -> Duration {
    let (seconds, rest) = count.quotientAndRemainder(dividingBy: rate)
    return .seconds(seconds) + .nanoseconds(rest * 1_000_000_000 / rate)
  }

  /// The samples that the span holds at `rate` samples per second, rounded towards zero.
  package func samples(rate: Int) -> Int {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return seconds * rate + rest * rate / 1_000_000_000
  }
}
