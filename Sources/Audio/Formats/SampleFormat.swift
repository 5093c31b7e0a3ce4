/// The layout of a sample in bytes, little-endian.
package enum SampleFormat: Sendable {
  case int8, uint8, int16, int24, int32, float32, float64
  /// The logarithmic companding of ITU-T G.711.
  case muLaw, aLaw

  package var bytes: Int {
    switch self {
    case .int8, .uint8, .muLaw, .aLaw: 1
    case .int16: 2
    case .int24: 3
    case .int32, .float32: 4
    case .float64: 8
    }
  }

  /// Appends the samples of `raw`, whose length is a multiple of `bytes`, to `samples` at full scale 2^31.
  package func decode(_ raw: UnsafeRawBufferPointer, into samples: inout [Int32]) {
    switch self {
    case .int8: for byte in raw { samples.append(Int32(Int8(bitPattern: byte)) << 24) }
    case .uint8: for byte in raw { samples.append((Int32(byte) - 128) << 24) }
    case .muLaw: for byte in raw { samples.append(Companding.muLaw[Int(byte)]) }
    case .aLaw: for byte in raw { samples.append(Companding.aLaw[Int(byte)]) }
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
        samples.append(Self.fullScale(Double(Float(bitPattern: bits))))
      }
    case .float64:
      for offset in stride(from: 0, to: raw.count, by: 8) {
        let bits = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        samples.append(Self.fullScale(Double(bitPattern: bits)))
      }
    }
  }

  /// Full scale is ±1. A value beyond is clipped, and one that is not a number is silence.
  static func fullScale(_ value: Double) -> Int32 {
    guard !value.isNaN else { return 0 }
    return Int32(exactly: (value * 0x1p31).rounded()) ?? (value < 0 ? .min : .max)
  }
}
