/// Brings the sound of one file into the format of the list that it belongs to. At the same rate, no sample changes. At
/// another rate, the result is as long as the file, to within a PCM frame.
package struct ListConverter: Sendable {
  private let from: PCMFormat
  private let to: PCMFormat
  private var resampler: Resampler?

  package init(from: PCMFormat, to: PCMFormat) {
    (self.from, self.to) = (from, to)
    resampler = from.sampleRate == to.sampleRate ? nil : Resampler(from: from, to: to)
  }

  package mutating func convert(_ frames: [Int32]) -> [Int32] {
    if resampler != nil { return resampler!.convert(frames) }
    switch (from.channels, to.channels) {
    case (1, 2): return frames.flatMap { [$0, $0] }
    case (2, 1):
      return stride(from: 0, to: frames.count, by: 2).map { Int32((Int(frames[$0]) + Int(frames[$0 + 1])) / 2) }
    default: return frames
    }
  }

  /// The frames that the file's last frames still lack; to be called once, at the end of the file.
  package mutating func finish() -> [Int32] { resampler?.finish() ?? [] }
}
