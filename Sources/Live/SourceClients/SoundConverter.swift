import Audio

/// Brings the sound of a client into the form of the stream. A client may change its form as often as it likes.
struct SoundConverter {
  /// The resamplers that are kept.
  private static let most = 4

  private let output: PCMFormat
  /// The latest one is the last.
  private var resamplers: [(input: PCMFormat, resampler: Resampler)] = []

  init(to output: PCMFormat) {
    self.output = output
  }

  /// - Throws: for a rate whose conversion takes too large a table.
  mutating func convert(_ samples: [Int32], of input: PCMFormat) throws(DecodingError) -> [Int32] {
    if input == output { return samples }
    var resampler: Resampler
    if let index = resamplers.lastIndex(where: { $0.input == input }) {
      resampler = resamplers.remove(at: index).resampler
    } else {
      guard Resampler.canConvert(from: input, to: output) else {
        throw DecodingError("\(input.sampleRate) Hz is not converted to \(output.sampleRate) Hz")
      }
      resampler = Resampler(from: input, to: output)
      if resamplers.count == Self.most { resamplers.removeFirst() }
    }
    defer { resamplers.append((input, resampler)) }
    return resampler.convert(samples)
  }
}
