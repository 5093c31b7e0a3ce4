/// The rule that a still breaks.
package enum JPEGFault: Error, Equatable, Sendable {
  case tooLong
  /// The bytes are no JPEG of one still that ends where the bytes end.
  case malformed
  /// Width and height must lie within `JPEGStill.sides`.
  case size(width: Int, height: Int)
}
