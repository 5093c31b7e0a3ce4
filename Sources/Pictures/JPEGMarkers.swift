/// The markers of a JPEG (ITU-T T.81, annex B), read from the first to the last.
struct JPEGMarkers {
  /// Scans of one image. Each scan of a progressive JPEG may touch every pixel, so that a few bytes cost a browser much work;
  /// encoders make ten.
  static let mostScans = 16

  /// Pixels.
  private(set) var width = 0
  private(set) var height = 0
  private(set) var hasHuffmanTable = false
  /// The place of the first scan's marker.
  private(set) var scanStart = 0
  /// The place behind the end of the image.
  private(set) var end = 0

  /// - Returns: nil if the bytes do not begin with a whole JPEG that browsers show: 8 bits a sample, one or three
  ///   components, baseline or progressive.
  init?(_ bytes: ArraySlice<UInt8>) {
    var place = bytes.startIndex
    var scans = 0
    /// - Returns: nil behind the last byte.
    func byte(_ offset: Int) -> UInt8? { offset < bytes.endIndex ? bytes[offset] : nil }
    guard byte(place) == 0xFF, byte(place + 1) == Marker.startOfImage else { return nil }
    place += 2
    while true {
      guard byte(place) == 0xFF else { return nil }
      // §B.1.1.2: "Any marker may optionally be preceded by any number of fill bytes".
      while byte(place + 1) == 0xFF { place += 1 }
      guard let marker = byte(place + 1) else { return nil }
      if marker == Marker.endOfImage {
        guard scanStart > 0 else { return nil }
        end = place + 2
        return
      }
      guard Marker.hasLength(marker), let high = byte(place + 2), let low = byte(place + 3) else { return nil }
      let length = Int(high) << 8 | Int(low)
      let next = place + 2 + length
      guard length >= 2, next <= bytes.endIndex else { return nil }
      let content = bytes[(place + 4)..<max(place + 4, next)]
      switch marker {
      case 0xC0, 0xC1, 0xC2: guard take(frame: content) else { return nil }
      case 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF: return nil
      case Marker.huffmanTables: hasHuffmanTable = true
      default: break
      }
      guard marker == Marker.startOfScan else {
        place = next
        continue
      }
      scans += 1
      guard width > 0, scans <= Self.mostScans else { return nil }
      if scanStart == 0 { scanStart = place }
      guard let scanEnd = Self.endOfScan(bytes, from: next) else { return nil }
      place = scanEnd
    }
  }

  /// Takes the header of the frame (§B.2.2).
  private mutating func take(frame: ArraySlice<UInt8>) -> Bool {
    let start = frame.startIndex
    guard width == 0, frame.count >= 6, frame[start] == 8 else { return false }
    let components = Int(frame[start + 5])
    guard components == 1 || components == 3, frame.count == 6 + 3 * components else { return false }
    height = Int(frame[start + 1]) << 8 | Int(frame[start + 2])
    width = Int(frame[start + 3]) << 8 | Int(frame[start + 4])
    return width > 0 && height > 0
  }

  /// The place of the marker behind the entropy-coded data, where a byte 0xFF is followed by 0 or is a restart marker.
  private static func endOfScan(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
    var place = start
    while place + 1 < bytes.endIndex {
      if bytes[place] == 0xFF {
        let next = bytes[place + 1]
        if next != 0, next != 0xFF, !(0xD0...0xD7).contains(next) { return place }
        place += next == 0xFF ? 1 : 2
      } else {
        place += 1
      }
    }
    return nil
  }

  private enum Marker {
    static let huffmanTables: UInt8 = 0xC4
    static let startOfImage: UInt8 = 0xD8
    static let endOfImage: UInt8 = 0xD9
    static let startOfScan: UInt8 = 0xDA

    /// Whether a length follows (§B.1.1.4).
    static func hasLength(_ marker: UInt8) -> Bool { marker >= 0xC0 && !(0xD0...0xD9).contains(marker) }
  }
}
