/// What all listeners together have met.
struct Tally {
  var requests = 0
  var bytes = 0
  /// Of arrivals within the measurement.
  var gaps = Histogram()

  /// Errors, by kind; each must be 0.
  var refused = 0
  var resets = 0
  var malformed = 0
  /// Answers other than 200.
  var statuses: [Int: Int] = [:]
  /// Segments and parts that were not, byte for byte, what others got, or no run of whole frames.
  var corrupt = 0
  /// Segments and parts whose timestamp does not go on where the one before ended.
  var jumps = 0
}
