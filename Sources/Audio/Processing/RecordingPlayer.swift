/// Plays a recording over and over, from its beginning on, in another format.
struct RecordingPlayer: Sendable {
  private let recording: Recording
  private var converter: Resampler
  private var offset = 0
  private var ready: [Int32] = []

  /// - Parameter format: of the frames that `fill` gives.
  init(_ recording: Recording, format: PCMFormat) {
    self.recording = recording
    converter = Resampler(from: recording.format, to: format)
  }

  /// Replaces the interleaved frames of `block` by the next ones of the recording.
  mutating func fill(_ block: inout [Int32]) {
    while ready.count < block.count {
      ready += converter.convert(recording.frames(from: offset, count: recording.format.sampleRate / 100))
      offset = (offset + recording.format.sampleRate / 100) % recording.count
    }
    let count = block.count
    block.replaceSubrange(0..<count, with: ready[..<count])
    ready.removeFirst(count)
  }
}
