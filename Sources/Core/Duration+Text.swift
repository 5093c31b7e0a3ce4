extension Duration {
  /// Seconds as a decimal number, rounded towards zero to a microsecond, with no needless digit: `2`, `0.77`. The span
  /// must not be negative.
  package var decimalSeconds: String {
    let (whole, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    guard fraction > 0 else { return String(whole) }
    var digits = String(String(1_000_000 + fraction).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}
