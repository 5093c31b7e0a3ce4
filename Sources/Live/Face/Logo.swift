/// A picture by which people know a station or a stream: PNG, JPEG or SVG, recognised by its bytes.
struct Logo: Equatable, Sendable {
  enum Format: String {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case svg = "image/svg+xml"

    var mediaType: String { rawValue }
  }

  /// Pixels.
  struct Size: Equatable {
    let width: Int
    let height: Int
  }

  /// The most bytes: each listener loads the picture.
  static let longest = 1 << 20

  let bytes: [UInt8]
  let format: Format
  /// Nil for an SVG picture, which fits any size.
  let size: Size?

  /// Nil for bytes that are no such picture.
  init?(_ bytes: [UInt8]) {
    if let size = Self.sizeOfPNG(bytes) {
      (format, self.size) = (.png, size)
    } else if let size = Self.sizeOfJPEG(bytes) {
      (format, self.size) = (.jpeg, size)
    } else if Self.isSVG(bytes) {
      (format, size) = (.svg, nil)
    } else {
      return nil
    }
    self.bytes = bytes
  }

  /// W3C PNG §5.2 and §11.2.1: the signature, and the chunk IHDR, which comes first.
  private static func sizeOfPNG(_ bytes: [UInt8]) -> Size? {
    let head: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
    guard bytes.starts(with: head), bytes.count >= head.count + 8 else { return nil }
    return size(width: number(bytes, 16..<20), height: number(bytes, 20..<24))
  }

  /// ITU-T T.81 §B.1.1 and §B.2.2: segments with a marker and a length; a frame header has the size.
  private static func sizeOfJPEG(_ bytes: [UInt8]) -> Size? {
    guard bytes.starts(with: [0xFF, 0xD8, 0xFF]) else { return nil }
    var offset = 2
    while offset + 9 <= bytes.count, bytes[offset] == 0xFF {
      let marker = bytes[offset + 1]
      if marker == 0xFF {
        // A fill byte.
        offset += 1
        continue
      }
      // SOF0 to SOF15, without the tables DHT, JPG and DAC, which lie between them.
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
        return size(width: number(bytes, offset + 7..<offset + 9), height: number(bytes, offset + 5..<offset + 7))
      }
      offset += 2 + max(2, number(bytes, offset + 2..<offset + 4))
    }
    return nil
  }

  private static func size(width: Int, height: Int) -> Size? {
    guard width > 0, height > 0 else { return nil }
    return Size(width: width, height: height)
  }

  private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    range.upperBound <= bytes.count ? bytes[range].reduce(0) { $0 << 8 | Int($1) } : 0
  }

  /// A text in UTF-8 whose first element is `svg`, behind a byte order mark, a declaration, comments and a document type.
  private static func isSVG(_ bytes: [UInt8]) -> Bool {
    guard String(validating: bytes, as: UTF8.self) != nil else { return false }
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while true {
      rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
      if rest.starts(with: "<?".utf8) {
        rest = behind("?>", in: rest)
      } else if rest.starts(with: "<!--".utf8) {
        rest = behind("-->", in: rest.dropFirst(4))
      } else if rest.starts(with: "<!DOCTYPE".utf8) {
        // A document type with declarations of its own is not taken: a picture needs none.
        let end = rest.firstIndex { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "[") } ?? rest.endIndex
        guard end < rest.endIndex, rest[end] == UInt8(ascii: ">") else { return false }
        rest = rest[(end + 1)...]
      } else {
        break
      }
    }
    guard rest.starts(with: "<svg".utf8), let next = rest.dropFirst(4).first else { return false }
    return [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ">"), UInt8(ascii: "/")].contains(next)
  }

  /// The bytes behind the first `end`; none where there is no such end.
  private static func behind(_ end: String, in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let mark = Array(end.utf8)
    var rest = bytes
    while let start = rest.firstIndex(of: mark[0]) {
      rest = rest[start...]
      if rest.starts(with: mark) { return rest.dropFirst(mark.count) }
      rest = rest.dropFirst()
    }
    return []
  }
}
