import Core

/// The gain of the programme under voices: down in a tenth of a second when a voice begins, and back up over a second when
/// there was no voice for one and a half seconds. Time is a count of PCM frames.
struct Ducking: Sendable {
  /// The gain under a voice where the programme goes on: 18 dB lower.
  static let lowered: Float = 0.125_892_54
  private static let fall = Duration.milliseconds(100)
  private static let rise = Duration.seconds(1)
  private static let hold = Duration.milliseconds(1500)

  private let floor: Float
  /// The changes of the gain from one frame to the next.
  private let fallStep, riseStep: Float
  private let holdFrames: Int
  /// The gain of the last frame.
  private(set) var gain: Float = 1
  /// Frames since the last voice.
  private var quiet = Int.max / 2

  /// - Parameters:
  ///   - floor: the gain under a voice.
  ///   - rate: PCM frames a second.
  init(floor: Float, rate: Int) {
    self.floor = floor
    fallStep = (1 - floor) / Float(Self.fall.samples(rate: rate))
    riseStep = (1 - floor) / Float(Self.rise.samples(rate: rate))
    holdFrames = Self.hold.samples(rate: rate)
  }

  /// Notes whether there is a voice in the next frames.
  mutating func observe(hasVoice: Bool, frames: Int) {
    quiet = hasVoice ? 0 : min(quiet + frames, Int.max / 2)
  }

  /// The gain of the next frame.
  mutating func next() -> Float {
    gain = quiet <= holdFrames ? max(floor, gain - fallStep) : min(1, gain + riseStep)
    return gain
  }
}
