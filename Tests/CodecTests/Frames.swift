/// Frames of MPEG-1 Layer III, right in form, with nothing in them.
enum Frames {
  /// - Parameter length: of each, in bytes, the header included.
  static func silence(_ count: Int, header: [UInt8] = [0xFF, 0xFB, 0x94, 0x44], length: Int = 384) -> [UInt8] {
    (0..<count).flatMap { _ in header + [UInt8](repeating: 0, count: length - header.count) }
  }
}
