/// Tells 32-bit floating point from 16-bit samples, in sound without a header.
package enum FloatGuess {
  /// Bytes that are enough.
  package static let length = 4096
  /// Numbers other than zero that are looked at, at least.
  private static let least = 256

  /// Whether most numbers are values of sound, from 2^-20 to 1: four of five, because sound passes through zero. Two samples
  /// of 16 bits make such a number only where the second one lies in an eighth of its range.
  package static func looksLikeFloat(_ bytes: [UInt8]) -> Bool {
    var (numbers, sounds) = (0, 0)
    bytes.withUnsafeBytes { raw in
      for offset in stride(from: 0, to: raw.count - 3, by: 4) {
        let bits = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        guard bits & 0x7FFF_FFFF != 0 else { continue }
        numbers += 1
        if (0x1p-20...1).contains(Float(bitPattern: bits & 0x7FFF_FFFF)) { sounds += 1 }
      }
    }
    return numbers >= least && sounds * 5 >= numbers * 4
  }
}
