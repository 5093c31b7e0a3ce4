import Audio
import Core
import System

/// The sound of a place as the source of a stream. Our own clock is the clock of the source.
struct FollowedSource: Source {
  /// After a longer stop of the whole process, dates leap.
  private static let longestGap = InputTimeline.longestGap

  /// The sound of the place at the start of the source.
  enum Start {
    /// The place is expected to have sound soon.
    case awaited
    case lost
    /// The place has sound, which a source before has played.
    case goingOn
  }

  let summary: String
  private let onEvent: @Sendable (SourceEvent) -> Void
  private var pace: Pace
  private var followed: FollowedSound
  private var events: [FollowedSound.Event] = []

  /// - Parameters:
  ///   - name: of the place, for the log.
  ///   - start: of the place.
  ///   - onEvent: called on the thread that opens the source, and then on the thread that reads it.
  init(
    _ place: any SoundPlace, named name: String, format: PCMFormat, from start: Start,
    onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    self.onEvent = onEvent
    followed = FollowedSound(place, format: format)
    summary = "\(name), \(format.sampleRate) Hz, \(format.channels) channels"
    pace = Pace(rate: format.sampleRate)
    switch start {
    case .awaited: break
    case .lost: tell(followed.lose())
    case .goingOn: followed.goOn()
    }
  }

  var format: PCMFormat { followed.format }

  mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    block.removeAll(keepingCapacity: true)
    guard !stop.isRaised else { return .end }
    let leftOut = pace.wait(for: FollowedSound.tickFrames, longestGap: Self.longestGap)
    if leftOut > 0 { onEvent(.leftOut(frames: leftOut)) }
    let hasSound = followed.tick(into: &block, events: &events)
    for event in events { tell(event) }
    events.removeAll(keepingCapacity: true)
    return hasSound ? .sound : .filling
  }

  private func tell(_ event: FollowedSound.Event) {
    switch event {
    case .lost(let reason), .stillLost(let reason): onEvent(.deviceLost(reason: reason))
    case .hangs(let span): onEvent(.deviceHangs(for: span))
    case .back(let frames): onEvent(.deviceBack(summary: summary, lostFrames: frames))
    case .title(let title): onEvent(.title(title))
    }
  }
}

/// Real time, in frames. The schedule is absolute: after a short stop the source catches up, and nothing drifts.
private struct Pace {
  private var origin = MonotonicTime.now
  private var position = 0
  private let rate: Int

  init(rate: Int) {
    self.rate = rate
  }

  /// Waits until the next frames are due.
  /// - Returns: the frames for which it is too late.
  mutating func wait(for frames: Int, longestGap: Duration) -> Int {
    position += frames
    let due = origin + .samples(position, rate: rate)
    let late = MonotonicTime.now - due
    guard late > longestGap else {
      Clock.sleep(until: due.nanoseconds)
      return 0
    }
    origin = origin + late
    return late.samples(rate: rate)
  }
}
