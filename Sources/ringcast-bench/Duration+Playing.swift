extension Duration {
  /// The playing time of `bytes` at a constant bit rate; zero while the rate is unknown, which is 0.
  static func playing(bytes: Int, kilobitsPerSecond: Int) -> Duration {
    kilobitsPerSecond > 0 ? .nanoseconds(bytes * 8_000_000 / kilobitsPerSecond) : .zero
  }
}
