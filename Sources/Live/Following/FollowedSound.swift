import Audio
import Core
import Voice

/// The sound of a place, tick by tick. Our own clock counts the ticks; the follower plays the place's sound a little faster
/// or slower. It belongs to one thread.
struct FollowedSound {
  enum Event: Equatable {
    case lost(reason: String)
    /// Nothing has come for that time, without a reason.
    case hangs(for: Duration)
    /// The reason for a loss that lasts is another one now.
    case stillLost(reason: String)
    /// The sound plays, after so many frames without it.
    case back(lostFrames: Int)
    case title(SoundTitle)
  }

  /// Frames of a tick.
  static let tickFrames = Sound.frames
  /// The pause that counts as no loss.
  private static let patience = Duration.milliseconds(500)
  /// The time until the first sound that counts as no loss, and the same where the place names a reason.
  private static let firstPatience = (alone: Duration.seconds(4), withReason: Duration.seconds(1))

  let format: PCMFormat
  private let place: any SoundPlace
  private var sound: SoundQueue?
  private var follower: ArrivalFollower
  private let speed: SpeedChanger
  private(set) var isLost = false
  private var hasPlayed = false
  private var hasTitle = false
  /// The reason for the loss, as it was told.
  private var told: String?
  /// Frames since the loss.
  private var lost = 0
  /// The last sample of each channel, from which a hole fades.
  private var last: [Int32]
  private var piece: [Int32] = []
  private var fadesIn = true

  /// - Parameter format: of the place's sound: one channel or two.
  init(_ place: any SoundPlace, format: PCMFormat) {
    (self.place, self.format) = (place, format)
    follower = ArrivalFollower(place.reserves)
    speed = SpeedChanger(channels: format.channels)
    last = [Int32](repeating: 0, count: format.channels)
  }

  /// The place had sound just before: another thread has played the sound until now.
  mutating func goOn() { hasPlayed = true }

  /// The place has no sound at the start.
  mutating func lose() -> Event {
    isLost = true
    told = place.trouble
    return told.map { .lost(reason: $0) } ?? .hangs(for: .zero)
  }

  /// Appends the next tick.
  /// - Parameter events: gets the events of the tick.
  /// - Returns: whether the place counts as having sound.
  mutating func tick(into block: inout [Int32], events: inout [Event]) -> Bool {
    take(place.sound)
    guard let sound else { return missing(nil, &block, &events) }
    let look = sound.look
    let fill = look.frames + speed.queued
    switch follower.tick(fill: fill, isAhead: look.isAhead, isOver: look.isOver) {
    case .wait: return missing(look, &block, &events)
    case .play(let ratio, let skip):
      if skip > 0 { sound.skip(frames: skip) }
      while !speed.isReady(ratio: ratio) {
        sound.take(frames: Self.tickFrames, into: &piece)
        guard !piece.isEmpty else { break }
        speed.append(piece)
      }
      guard speed.isReady(ratio: ratio) else { return missing(look, &block, &events) }
      let start = block.count
      speed.play(ratio: ratio, into: &block)
      found(&block, from: start, &events)
      if let title = sound.takeTitle() {
        hasTitle = title != SoundTitle(title: nil)
        events.append(.title(title))
      }
      return true
    }
  }

  /// Begins with other sound of the place.
  private mutating func take(_ current: SoundQueue?) {
    guard current !== sound else { return }
    sound = current
    follower = ArrivalFollower(place.reserves)
    speed.reset()
    fadesIn = true
  }

  private mutating func found(_ block: inout [Int32], from start: Int, _ events: inout [Event]) {
    if fadesIn { fade(&block, from: start, isIn: true) }
    fadesIn = false
    last = Array(block.suffix(format.channels))
    if isLost { events.append(.back(lostFrames: lost)) }
    (isLost, lost, told, hasPlayed) = (false, 0, nil, true)
  }

  /// A tick without sound.
  private mutating func missing(
    _ look: SoundQueue.Look?, _ block: inout [Int32], _ events: inout [Event]
  ) -> Bool {
    let start = block.count
    for _ in 0..<Self.tickFrames { block += last }
    fade(&block, from: start, isIn: false)
    for index in last.indices { last[index] = 0 }
    fadesIn = true
    lost += Self.tickFrames
    let reason = look?.isOver ?? true ? place.trouble : nil
    if isLost {
      if let reason, reason != told {
        events.append(told == nil ? .lost(reason: reason) : .stillLost(reason: reason))
        told = reason
      }
    } else if let event = loss(reason) {
      isLost = true
      told = reason
      events.append(event)
      if hasTitle { events.append(.title(SoundTitle(title: nil))) }
      hasTitle = false
    }
    return hasPlayed && !isLost
  }

  private func loss(_ reason: String?) -> Event? {
    func hasPassed(_ time: Duration) -> Bool { lost >= time.samples(rate: format.sampleRate) }
    let patience = hasPlayed ? Self.patience : Self.firstPatience.alone
    if let reason, hasPlayed || hasPassed(Self.firstPatience.withReason) { return .lost(reason: reason) }
    return hasPassed(patience) ? .hangs(for: patience) : nil
  }

  private func fade(_ block: inout [Int32], from start: Int, isIn: Bool) {
    let frames = Self.tickFrames / 2
    for frame in 0..<Self.tickFrames {
      let gain = isIn ? min(frame, frames) : max(0, frames - frame)
      guard gain < frames || !isIn else { break }
      for channel in 0..<format.channels {
        let index = start + frame * format.channels + channel
        block[index] = Int32(Int(block[index]) * gain / frames)
      }
    }
  }
}
