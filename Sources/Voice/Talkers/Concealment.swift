/// Makes up PCM where packets are missing: the last packet backwards and forwards in turn, which has no jumps. The gain of all
/// that is made up, by this type or by Opus, falls to zero within 60 ms.
struct Concealment {
  private let last = (left: Block(), right: Block())
  private var isBackwards = true
  /// Pieces of 10 ms that were made up in a row.
  private(set) var inARow = 0

  func free() {
    last.left.free()
    last.right.free()
  }

  /// Whether what is made up has become silence.
  var isSilent: Bool { inARow >= JitterBuffer.concealment }

  /// The gain at the beginning of the next piece that is made up.
  var gain: Float { max(0, 1 - Float(inARow) / Float(JitterBuffer.concealment)) }

  /// Remembers a packet that has come.
  mutating func remember(_ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>) {
    last.left.samples.update(from: left, count: Sound.frames)
    last.right.samples.update(from: right, count: Sound.frames)
    (isBackwards, inARow) = (true, 0)
  }

  mutating func reset() {
    last.left.clear()
    last.right.clear()
    (isBackwards, inARow) = (true, 0)
  }

  /// Writes 480 samples that continue the sound, with the gain of the present piece.
  mutating func make(_ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>) {
    for index in 0..<Sound.frames {
      let place = isBackwards ? Sound.frames - 1 - index : index
      left[index] = last.left.samples[place]
      right[index] = last.right.samples[place]
    }
    isBackwards.toggle()
    fade(left)
    fade(right)
    inARow += 1
  }

  /// Counts a piece that Opus has made up, and fades it.
  mutating func take(_ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>) {
    fade(left)
    fade(right)
    inARow += 1
  }

  private func fade(_ samples: UnsafeMutablePointer<Float>) {
    let (before, step) = (gain, 1 / Float(JitterBuffer.concealment * Sound.frames))
    for index in 0..<Sound.frames { samples[index] *= max(0, before - Float(index) * step) }
  }
}
