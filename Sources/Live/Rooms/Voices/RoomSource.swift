import Audio
import Core
import System

/// The sound of a room as the source of a stream: the air mix, with the programme under it. The mixer's ticks are the clock.
///
/// The source makes the programme for the mixer. While nobody is on the air, the programme alone is heard, or silence where
/// there is none.
struct RoomSource: Source {
  /// The format of the mixer.
  static let format = PCMFormat(sampleRate: 48_000, channels: 2)
  /// After a longer time without ticks, dates leap.
  private static let longestGap = InputTimeline.longestGap
  private static let tickFrames = AirFeed.samples / 2

  let summary: String
  private let feed: AirFeed
  private var programme: (any Fallback)?
  private let onEvent: @Sendable (SourceEvent) -> Void
  private var watch = AirWatch(rate: format.sampleRate)
  /// The number of the tick that is expected; nil before the first.
  private var expected: Int?
  /// The next tick of the programme at full scale 2^31, and a tick at full scale 1.
  private var playing = [Int32](repeating: 0, count: AirFeed.samples)
  private var samples = [Float](repeating: 0, count: AirFeed.samples)

  /// - Parameters:
  ///   - room: its name, for the log.
  ///   - programme: in `format`; nil is silence.
  ///   - onEvent: called on the thread that opens the source, and then on the thread that reads it.
  init(
    room: String, _ feed: AirFeed, programme: (any Fallback)?, onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    summary = "room \(room), \(Self.format.sampleRate) Hz, \(Self.format.channels) channels"
    self.feed = feed
    self.programme = programme
    self.onEvent = onEvent
    self.programme?.begin()
    for _ in 0..<AirFeed.programmeAhead { playProgramme() }
    onEvent(.deviceLost(reason: Self.nobody))
  }

  private static let nobody = "nobody is on the air"

  var format: PCMFormat { Self.format }

  mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    block.removeAll(keepingCapacity: true)
    while !stop.isRaised {
      // The mixer ticks before the stream runs. The ticks of that time belong to no date of the stream.
      let isFirst = expected == nil
      let next = samples.withUnsafeMutableBufferPointer { [feed] in
        feed.next(into: $0.baseAddress!, newestOnly: isFirst)
      }
      guard let next else { continue }
      fillGap(before: next.number, into: &block)
      expected = next.number + 1
      note(next.isOn)
      for sample in samples { block.append(Self.fullScale(sample)) }
      playProgramme()
      return next.isOn ? .sound : .filling
    }
    return .end
  }

  /// Ticks that the mixer has left out are silence.
  private func fillGap(before number: Int, into block: inout [Int32]) {
    guard let expected, number > expected else { return }
    let frames = (number - expected) * Self.tickFrames
    if frames > Self.longestGap.samples(rate: Self.format.sampleRate) { return onEvent(.leftOut(frames: frames)) }
    block.append(contentsOf: repeatElement(0, count: frames * Self.format.channels))
  }

  private mutating func note(_ isOn: Bool) {
    switch watch.observe(isOn: isOn, frames: Self.tickFrames) {
    case .lost: onEvent(.deviceLost(reason: Self.nobody))
    case .back(let frames): onEvent(.deviceBack(summary: summary, lostFrames: frames))
    case nil: break
    }
  }

  /// Gives the mixer one more tick of the programme.
  private mutating func playProgramme() {
    guard programme != nil else { return }
    programme?.fill(&playing)
    for index in samples.indices { samples[index] = Float(playing[index]) * 0x1p-31 }
    samples.withUnsafeBufferPointer { feed.putProgramme($0.baseAddress!) }
  }

  /// A sample at full scale 1 as one at full scale 2^31.
  private static func fullScale(_ sample: Float) -> Int32 {
    Int32(max(-1, min(0x1.fffffep-1, sample)) * 0x1p31)
  }
}
