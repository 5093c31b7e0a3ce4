import Core

/// Goes over from one sound to another without a click. Where the sound before goes on, both are mixed. Where the sound before
/// has broken off, its last frames are heard backwards meanwhile, so that no step is in the sound.
package struct CrossFade: Sendable {
  package static let length = Duration.milliseconds(50)

  private let channels: Int
  /// Frames of a whole fade.
  private let frames: Int
  /// Frames of the fade that are over; nil where no fade is on.
  private var position: Int?
  /// The last frames that were heard.
  private var tail: [Int32] = []
  /// The last frames before the fade, backwards; nil where the sound before goes on.
  private var echo: [Int32]?

  package init(format: PCMFormat) {
    channels = format.channels
    frames = Self.length.samples(rate: format.sampleRate)
  }

  package var isOn: Bool { position != nil }

  /// Begins a fade with the next block.
  /// - Parameter goesOn: whether the sound before goes on.
  package mutating func begin(goesOn: Bool) {
    position = 0
    let backwards = stride(from: tail.count - channels, through: 0, by: -channels)
    echo = goesOn ? nil : backwards.flatMap { tail[$0..<$0 + channels] }
  }

  /// Mixes the block, which is the new sound, with the sound before, and notes the result as heard.
  /// - Parameter before: the sound before, as long as the block; nil is silence, or the last frames where it has broken off.
  package mutating func apply(to block: inout [Int32], before: [Int32]?) {
    if let start = position {
      let count = min(frames - start, block.count / channels)
      for frame in 0..<count {
        for channel in 0..<channels {
          let (index, place) = (frame * channels + channel, (start + frame) * channels + channel)
          let old = echo.map { place < $0.count ? $0[place] : 0 } ?? before?[index] ?? 0
          let (share, whole) = (start + frame + 1, frames + 1)
          block[index] = Int32((Int(block[index]) * share + Int(old) * (whole - share)) / whole)
        }
      }
      position = start + count < frames ? start + count : nil
    }
    tail = Array((block.count < frames * channels ? tail + block : block).suffix(frames * channels))
  }
}
