/// The counts of all listeners together.
struct Tally {
  var requests = 0
  var bytes = 0
  /// Gaps between arrivals within the measurement.
  var gaps = Histogram()

  /// Errors, by kind; each must be 0.
  var refused = 0
  var resets = 0
  var malformed = 0
  /// Answers other than 200.
  var statuses: [Int: Int] = [:]
  /// Segments and parts that differ from another listener's copy, or that are not a run of complete frames.
  var corrupt = 0
  /// Segments and parts whose timestamp is not the end of the one before.
  var jumps = 0
}
