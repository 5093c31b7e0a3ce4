/// Frames of 384 bytes (128 kbit/s, 48 kHz), 24 ms each: right in form, with nothing in them.
enum Frames {
  static func silence(_ count: Int) -> [UInt8] {
    (0..<count).flatMap { _ in [0xFF, 0xFB, 0x94, 0x44] + [UInt8](repeating: 0, count: 380) }
  }

  /// A segment whose first sample is at `ticks` of 90 kHz.
  static func segment(_ count: Int, at ticks: Int) -> [UInt8] {
    Array("ID3".utf8) + [UInt8](repeating: 0, count: 62) + (0..<8).reversed().map { UInt8(ticks >> ($0 * 8) & 0xFF) }
      + silence(count)
  }
}

extension Array<UInt8> {
  /// Gives the bytes in pieces of so many.
  func inPieces(of count: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: count) {
        body(UnsafeRawBufferPointer(rebasing: bytes[start..<Swift.min(start + count, bytes.count)]))
      }
    }
  }
}
