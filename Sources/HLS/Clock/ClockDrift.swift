/// How much faster one clock is than another: the slope of the straight line through the observations of the last hour.
struct ClockDrift: Sendable {
  /// Seconds a point, of which the earliest arrival counts.
  private static let span = 10
  /// Points before there is a result, because the delay of the earliest arrival may change by some milliseconds.
  private static let fewest = 30
  /// Points that are kept.
  private static let most = 360
  /// The largest step from one point to the next, in microseconds. A larger one is not a crystal's drift: the clock was set.
  private static let largest = 20_000

  private struct Point {
    /// Seconds of samples.
    let time: Int
    /// Wall-clock time of sample 0 in microseconds.
    let origin: Int
  }

  private var points: [Point] = []
  /// The earliest arrival of the current span, and the time at which the span began.
  private var lowest: Point?
  private var begun: Int?

  /// Parts per million by which the samples' clock is the faster; nil in the first five minutes.
  private(set) var partsPerMillion: Double?

  /// Notes an observation.
  /// - Parameters:
  ///   - origin: the wall-clock time of sample 0 in microseconds, as it seems now.
  ///   - time: seconds of samples so far.
  mutating func observe(origin: Int, after time: Int) {
    if lowest.map({ origin < $0.origin }) ?? true { lowest = Point(time: time, origin: origin) }
    begun = begun ?? time
    guard time - begun! >= Self.span, let point = lowest else { return }
    (begun, lowest) = (time, nil)
    if let last = points.last, abs(point.origin - last.origin) > Self.largest { points = [] }
    points = points.suffix(Self.most - 1) + [point]
    if points.count >= Self.fewest { partsPerMillion = slope }
  }

  /// By least squares. The samples of a fast clock come early, so that sample 0 seems to move back.
  private var slope: Double {
    let (time, origin) = (points[0].time, points[0].origin)
    let line = points.map { (x: Double($0.time - time), y: Double($0.origin - origin)) }
    let count = Double(line.count)
    let (x, y) = (line.reduce(0) { $0 + $1.x } / count, line.reduce(0) { $0 + $1.y } / count)
    let numerator = line.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    let denominator = line.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    return -numerator / denominator
  }
}
