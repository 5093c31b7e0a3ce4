extension Duration {
  /// The whole nanoseconds in it, rounded towards zero. It traps beyond some 292 years.
  package var nanoseconds: Int {
    let (seconds, attoseconds) = components
    return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
  }

  /// The whole microseconds in it, rounded towards zero.
  package var microseconds: Int { nanoseconds / 1000 }

  /// The whole milliseconds in it, rounded towards zero.
  package var milliseconds: Int { nanoseconds / 1_000_000 }

  /// Seconds, with their fraction.
  package var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
