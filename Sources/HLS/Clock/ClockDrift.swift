/// How much faster one clock is than another: the slope of the straight line through what was seen in the last hour.
struct ClockDrift: Sendable {
  /// Seconds a point, of which the earliest arrival counts; points to begin with, because how late the earliest is may
  /// change by some milliseconds; and points to keep.
  private static let span = 10
  private static let fewest = 30
  private static let most = 360
  /// Microseconds from one point to the next: more is no crystal's doing.
  private static let largest = 20_000

  private struct Point {
    let time: Int
    let origin: Int
  }

  private var points: [Point] = []
  private var lowest: Point?
  private var begun: Int?

  /// Parts per million by which the samples' clock is the faster; nil in the first five minutes.
  private(set) var partsPerMillion: Double?

  /// Notes where sample 0 seems to be, in microseconds by the wall clock, after so many seconds of samples.
  mutating func observe(origin: Int, after time: Int) {
    if lowest.map({ origin < $0.origin }) ?? true { lowest = Point(time: time, origin: origin) }
    begun = begun ?? time
    guard time - begun! >= Self.span, let point = lowest else { return }
    (begun, lowest) = (time, nil)
    if let last = points.last, abs(point.origin - last.origin) > Self.largest { points = [] }
    points = points.suffix(Self.most - 1) + [point]
    if points.count >= Self.fewest { partsPerMillion = slope }
  }

  /// By least squares. A clock that is fast makes its samples come early: sample 0 seems to move back.
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
