/// Makes the bytes of stills.
enum JPEGs {
  /// A segment: a marker, a length and its content.
  static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    let length = content.count + 2
    return [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + content
  }

  static func frame(_ marker: UInt8 = 0xC0, width: Int = 640, height: Int = 480, bits: UInt8 = 8) -> [UInt8] {
    let size = [UInt8(height >> 8), UInt8(height & 0xFF), UInt8(width >> 8), UInt8(width & 0xFF)]
    return segment(marker, [bits] + size + [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
  }

  static let tables = segment(0xC4, [0] + Array(repeating: 0, count: 16))
  static let scan = segment(0xDA, [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]) + [0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34]

  static func still(_ pieces: [UInt8]...) -> [UInt8] { [0xFF, 0xD8] + pieces.joined() + [0xFF, 0xD9] }

  static let good = still(segment(0xFE, Array("a comment".utf8)), tables, frame(), scan)
}
