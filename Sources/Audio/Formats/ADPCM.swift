/// Sound in blocks of differences, four bits a sample: Microsoft ADPCM and IMA ADPCM as WAV files have them ("Microsoft
/// Multimedia Standards Update", 1994, WAVE_FORMAT_ADPCM and WAVE_FORMAT_DVI_ADPCM).
package struct ADPCM: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    case microsoft, ima

    /// Bytes at the front of a block, for each channel.
    fileprivate var headLength: Int { self == .microsoft ? 7 : 4 }
  }

  package let kind: Kind
  package let channels: Int
  /// Bytes.
  package let blockLength: Int

  /// Nil for a block length that holds no whole number of frames.
  package init?(_ kind: Kind, channels: Int, blockLength: Int) {
    let body = blockLength - kind.headLength * channels
    // IMA has four bytes of each channel in turn.
    guard body >= 0, channels <= 2, kind == .microsoft || body % (4 * channels) == 0 else { return nil }
    (self.kind, self.channels, self.blockLength) = (kind, channels, blockLength)
  }

  package var framesPerBlock: Int {
    (kind == .microsoft ? 2 : 1) + (blockLength - kind.headLength * channels) * 2 / channels
  }

  /// Appends the interleaved frames of a block to `frames`, at full scale 2^31.
  package func decode(_ block: UnsafeRawBufferPointer, into frames: inout [Int32]) {
    let samples = kind == .microsoft ? microsoft(block) : ima(block)
    for index in samples[0].indices {
      for channel in samples.indices { frames.append(Int32(samples[channel][index]) << 16) }
    }
  }

  private static func clipped(_ value: Int) -> Int { max(-32_768, min(32_767, value)) }

  private func word(_ block: UnsafeRawBufferPointer, _ offset: Int) -> Int {
    Int(Int16(littleEndian: block.loadUnaligned(fromByteOffset: offset, as: Int16.self)))
  }
}

extension ADPCM {
  private static let coefficients = [(256, 0), (512, -256), (0, 0), (192, 64), (240, 0), (460, -208), (392, -232)]
  private static let adaptation = [230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230]

  /// The samples of each channel, of 16 bits.
  private func microsoft(_ block: UnsafeRawBufferPointer) -> [[Int]] {
    let (delta, newer, older) = (channels, 3 * channels, 5 * channels)
    var steps = (0..<channels).map { word(block, delta + 2 * $0) }
    var samples = (0..<channels).map { [word(block, older + 2 * $0), word(block, newer + 2 * $0)] }
    var channel = 0
    for byte in block.dropFirst(7 * channels) {
      for nibble in [Int(byte >> 4), Int(byte & 0xF)] {
        let (first, second) = Self.coefficients[min(Int(block[channel]), Self.coefficients.count - 1)]
        let count = samples[channel].count
        let predicted = (samples[channel][count - 1] * first + samples[channel][count - 2] * second) >> 8
        let difference = nibble < 8 ? nibble : nibble - 16
        samples[channel].append(Self.clipped(predicted + difference * steps[channel]))
        steps[channel] = min(max(16, (Self.adaptation[nibble] * steps[channel]) >> 8), 1 << 20)
        channel = (channel + 1) % channels
      }
    }
    return samples
  }
}

extension ADPCM {
  /// Each is a tenth more than the one before (IMA, "Recommended Practices for Enhancing Digital Audio Compatibility", 1992).
  private static let steps = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107,
    118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
    1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894,
    6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794,
    32767,
  ]
  private static let moves = [-1, -1, -1, -1, 2, 4, 6, 8]

  /// The samples of each channel, of 16 bits.
  private func ima(_ block: UnsafeRawBufferPointer) -> [[Int]] {
    var samples = (0..<channels).map { [word(block, 4 * $0)] }
    var indices = (0..<channels).map { min(Int(block[4 * $0 + 2]), Self.steps.count - 1) }
    for (place, byte) in block.dropFirst(4 * channels).enumerated() {
      let channel = place / 4 % channels
      for nibble in [Int(byte & 0xF), Int(byte >> 4)] {
        let step = Self.steps[indices[channel]]
        var difference = step >> 3
        if nibble & 4 != 0 { difference += step }
        if nibble & 2 != 0 { difference += step >> 1 }
        if nibble & 1 != 0 { difference += step >> 2 }
        let before = samples[channel][samples[channel].count - 1]
        samples[channel].append(Self.clipped(before + (nibble & 8 != 0 ? -difference : difference)))
        indices[channel] = max(0, min(Self.steps.count - 1, indices[channel] + Self.moves[nibble & 7]))
      }
    }
    return samples
  }
}
