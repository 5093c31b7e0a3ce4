/// The sum of the voices on the air, limited.
final class AirMix {
  private let (left, right) = (Block(), Block())
  private let limiter = Limiter()
  private let output = UnsafeMutablePointer<Float>.allocate(capacity: 2 * Sound.frames)

  init() { output.initialize(repeating: 0, count: 2 * Sound.frames) }

  deinit {
    left.free()
    right.free()
    output.deallocate()
  }

  /// 480 interleaved stereo frames.
  var frames: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: output, count: 2 * Sound.frames) }

  /// Begins a tick.
  /// - Parameter below: 480 interleaved stereo frames that are added; nil is silence.
  func begin(_ below: UnsafePointer<Float>?) {
    guard let below else {
      left.clear()
      right.clear()
      return
    }
    for index in 0..<Sound.frames {
      left.samples[index] = below[2 * index]
      right.samples[index] = below[2 * index + 1]
    }
    left.makeExact()
    right.makeExact()
  }

  /// Adds a voice.
  func add(_ voice: TalkerVoice, from before: Float, to after: Float) {
    left.add(voice.left, from: before, to: after)
    right.add(voice.right, from: before, to: after)
  }

  /// Ends a tick.
  func end() { limiter.limit(left, right, into: output) }
}
