/// Finds the peaks of a sound of unknown length in one pass: where there are too many, each two become one.
package struct PeakCounter: Sendable {
  /// The most peaks of a sound.
  package static let mostPeaks = 400

  /// The samples that came.
  package private(set) var samples = 0
  private var span: Int
  private var loudest: [Int] = []
  private var current = 0
  private var filled = 0
  /// The low byte of a sample whose high byte has not come.
  private var half: UInt8?

  /// - Parameter span: the samples of a peak of a short sound.
  package init(span: Int = 800) {
    self.span = span
  }

  /// - Parameter bytes: samples of one channel, 16 bits, little-endian; a sample may be cut in two.
  package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      guard let low = half else {
        half = byte
        continue
      }
      half = nil
      add(abs(Int(Int16(bitPattern: UInt16(byte) << 8 | UInt16(low)))))
    }
  }

  private mutating func add(_ sample: Int) {
    samples += 1
    current = max(current, sample)
    filled += 1
    guard filled == span else { return }
    loudest.append(current)
    (current, filled) = (0, 0)
    guard loudest.count == Self.mostPeaks else { return }
    loudest = stride(from: 0, to: loudest.count, by: 2).map { max(loudest[$0], loudest[$0 + 1]) }
    span *= 2
  }

  /// From 0 to 100.
  package var peaks: [Int] { (filled > 0 ? loudest + [current] : loudest).map { min(100, $0 * 100 / 32_767) } }
}
