/// The layout of a sample in bytes, little-endian.
package enum SampleFormat: Sendable {
  case int16, int24, int32, float32

  package var bytes: Int {
    switch self {
    case .int16: 2
    case .int24: 3
    case .int32, .float32: 4
    }
  }

  /// Appends the samples of `raw`, whose length is a multiple of `bytes`, to `samples` at full scale 2^31.
  package func decode(_ raw: UnsafeRawBufferPointer, into samples: inout [Int32]) {
    switch self {
    case .int16:
      for offset in stride(from: 0, to: raw.count, by: 2) {
        samples.append(Int32(Int16(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: Int16.self))) << 16)
      }
    case .int24:
      for offset in stride(from: 0, to: raw.count, by: 3) {
        let high = Int32(Int8(bitPattern: raw[offset + 2]))
        samples.append(high << 24 | Int32(raw[offset + 1]) << 16 | Int32(raw[offset]) << 8)
      }
    case .int32:
      for offset in stride(from: 0, to: raw.count, by: 4) {
        samples.append(Int32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
      }
    case .float32:
      for offset in stride(from: 0, to: raw.count, by: 4) {
        let bits = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        samples.append(Self.clipped(Float(bitPattern: bits)))
      }
    }
  }

  /// Full scale is ±1. A value beyond is clipped, and one that is not a number is silence.
  private static func clipped(_ value: Float) -> Int32 {
    guard !value.isNaN else { return 0 }
    return Int32(exactly: (value * 0x1p31).rounded()) ?? (value < 0 ? .min : .max)
  }
}
