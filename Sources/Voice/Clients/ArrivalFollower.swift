/// Decides when and how fast the sound of a source client is played. The client's clock differs from ours, and its sound
/// comes in bursts. Pure: time is a count of ticks of 480 PCM frames.
///
/// The least sound that waited within the last ten seconds shows how late the sound comes, whatever the length of the
/// bursts. The follower changes the speed so slowly that nobody hears the change, until that least sound is the reserve.
package struct ArrivalFollower: Sendable {
  package enum Decision: Equatable, Sendable {
    /// Nothing is played in this tick.
    case wait
    /// 480 PCM frames are played.
    /// - Parameters:
    ///   - ratio: frames of the client that are played in the time of one frame.
    ///   - skip: frames of the client that are left out before.
    case play(ratio: Double, skip: Int)
  }

  /// The largest change of the speed: 9 hundredths of a semitone.
  package static let limit = 0.005
  /// The speed while the client runs ahead, so that sound which waits in the network becomes less.
  private static let aheadRatio = 1.001
  /// The time in which an excess is played, in seconds. It is several times the length of the window, so that the control
  /// does not swing.
  private static let correction = 60.0
  /// The window, in buckets of one second.
  private static let buckets = 10
  private static let bucketTicks = 100
  /// The sound that is to wait, in ticks: at first, and the bounds.
  package struct Reserves: Sendable {
    /// For a program that sends evenly.
    package static let client = Reserves(first: 20, least: 15, most: 150)
    /// For a station behind a far network. Nobody hears the delay.
    package static let relay = Reserves(first: 100, least: 50, most: 150)

    let first: Int
    let least: Int
    let most: Int
  }

  /// The part of the reserve that goes in a second: the reserve halves in seven minutes.
  private static let decay = 1.0 / 600
  /// A shorter hole in the sound means that the reserve is too small.
  private static let shortHole = 100
  /// The time after a hole within which late sound is left out.
  private static let recovery = 500
  /// The excess, in ticks, above which late sound is left out.
  private static let slack = 10

  private struct Bucket {
    var least = Int.max
    var most = 0
    var isAhead = false
  }

  /// The least sound that is to wait, in frames.
  package private(set) var reserve: Double
  package private(set) var ratio = 1.0
  package private(set) var isPlaying = false
  /// Ticks since the last sound was played; 0 while sound is played.
  package private(set) var missing = 0
  private let reserves: Reserves
  private var hasPlayed = false
  /// Ticks for which sound has waited before it is played.
  private var waited = 0
  /// Frames that were replaced by silence, and so may be left out when they come late.
  private var debt = 0
  private var sinceResume = 0
  private var window: [Bucket] = []
  private var bucket = Bucket()
  private var bucketTick = 0
  /// The extent of the bursts, in frames.
  private var span = 0

  package init(_ reserves: Reserves = .client) {
    self.reserves = reserves
    reserve = Double(reserves.first * Sound.frames)
  }

  /// One tick.
  /// - Parameters:
  ///   - fill: frames of the client that wait.
  ///   - isAhead: whether the client sends faster than real time, so that it has been made to wait.
  ///   - isOver: whether no more sound comes: then the rest is played at once.
  package mutating func tick(fill: Int, isAhead: Bool, isOver: Bool = false) -> Decision {
    isPlaying ? play(fill, isAhead, isOver) : wait(fill, isOver)
  }

  /// Frames that the next tick needs.
  private var needed: Int { Int(ratio * Double(Sound.frames)) + 1 }

  private mutating func wait(_ fill: Int, _ isOver: Bool) -> Decision {
    missing += 1
    waited = fill > 0 ? waited + 1 : 0
    guard fill >= needed, isOver || waited * Sound.frames >= Int(reserve) else { return .wait }
    if hasPlayed {
      debt = missing * Sound.frames
      if missing < Self.shortHole { reserve = min(reserve * 1.5, Double(reserves.most * Sound.frames)) }
    }
    (isPlaying, hasPlayed, waited, missing, sinceResume) = (true, true, 0, 0, 0)
    (window, bucket, bucketTick) = ([], Bucket(), 0)
    return .play(ratio: ratio, skip: skip(fill))
  }

  private mutating func play(_ fill: Int, _ isAhead: Bool, _ isOver: Bool) -> Decision {
    guard fill >= needed else {
      span = max(span, window.map { $0.most - $0.least }.max() ?? 0)
      (isPlaying, missing, waited) = (false, 1, 0)
      return .wait
    }
    sinceResume += 1
    if sinceResume > Self.recovery { debt = 0 }
    bucket.least = min(bucket.least, fill - needed)
    bucket.most = max(bucket.most, fill - needed)
    bucket.isAhead = bucket.isAhead || (isAhead && debt == 0)
    bucketTick += 1
    if bucketTick == Self.bucketTicks { steer() }
    return .play(ratio: ratio, skip: skip(fill))
  }

  /// The frames to leave out of a backlog that has come after a hole.
  private mutating func skip(_ fill: Int) -> Int {
    let excess = fill - Int(reserve) - span - needed
    guard debt > 0, excess > Self.slack * Sound.frames else { return 0 }
    let skip = min(debt, excess)
    debt -= skip
    return skip
  }

  /// Chooses the speed, once a second.
  private mutating func steer() {
    window.append(bucket)
    if window.count > Self.buckets { window.removeFirst() }
    (bucket, bucketTick) = (Bucket(), 0)
    reserve = max(Double(reserves.least * Sound.frames), reserve * (1 - Self.decay))
    guard window.count == Self.buckets, let least = window.map(\.least).min() else { return }
    span = window.map { $0.most - $0.least }.max() ?? 0
    if window.contains(where: \.isAhead) {
      ratio = Self.aheadRatio
    } else {
      let excess = (Double(least) - reserve) / Double(Sound.rate)
      ratio = 1 + max(-Self.limit, min(Self.limit, excess / Self.correction))
    }
  }
}
