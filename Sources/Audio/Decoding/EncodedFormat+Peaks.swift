package import Core

extension EncodedFormat {
  /// The peaks of encoded sound in memory, such as a segment.
  /// - Parameter samplesPerSlice: the length of a slice in samples.
  /// - Returns: nil for bytes without sound. After a change of the rate or of the channels, no more sound is measured.
  package func peaks(of bytes: [UInt8], samplesPerSlice: Int) -> Peaks? {
    var (measured, known): (PeakMeter?, PCMFormat?)
    var count = 0
    do {
      let decoder = try decoder(of: BytesInMemory(bytes))
      while let piece = try decoder.next() {
        guard case .sound(let samples, let format) = piece else { continue }
        guard known == nil || known == format else { break }
        known = format
        var meter =
          measured.take()
          ?? PeakMeter(channels: format.channels, inputRate: format.sampleRate, samplesPerSlice: samplesPerSlice)
        meter.observe(samples[...])
        measured = meter
        count += samples.count / format.channels
      }
    } catch {
      // The sound before the fault is measured.
    }
    return measured?.take(through: (count + samplesPerSlice - 1) / samplesPerSlice)
  }
}

/// Encoded sound that is in memory already.
private final class BytesInMemory: EncodedBytes {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = rest.prefix(buffer.count)
    buffer.copyBytes(from: piece)
    rest = rest.dropFirst(piece.count)
    return piece.count
  }
}
