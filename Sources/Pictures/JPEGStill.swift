/// A still whose form was checked: one JPEG (ITU-T T.81), by its markers. The picture itself is not decoded.
package struct JPEGStill: Equatable, Sendable {
  /// Bytes of the longest still.
  package static let longest = 128 << 10
  /// Pixels of width and height.
  package static let sides = 16...1280

  package let bytes: [UInt8]
  /// Pixels.
  package let width: Int
  package let height: Int

  /// - Parameters:
  ///   - bytes: one JPEG.
  ///   - mayHavePadding: whether bytes behind the end of the JPEG are left out. Cameras fill their buffers up.
  package init(_ bytes: ArraySlice<UInt8>, mayHavePadding: Bool = false) throws(JPEGFault) {
    guard mayHavePadding || bytes.count <= Self.longest else { throw .tooLong }
    guard let found = JPEGMarkers(bytes), mayHavePadding || found.end == bytes.endIndex else { throw .malformed }
    guard found.end - bytes.startIndex <= Self.longest else { throw .tooLong }
    guard Self.sides.contains(found.width), Self.sides.contains(found.height) else {
      throw .size(width: found.width, height: found.height)
    }
    let still = bytes[..<found.end]
    // Motion JPEG may leave out the standard tables (UVC Payload: MJPEG), and other programs than browsers want them.
    self.bytes = found.hasHuffmanTable ? Array(still) : Self.withTables(still, at: found.scanStart)
    (width, height) = (found.width, found.height)
  }

  private static func withTables(_ still: ArraySlice<UInt8>, at scan: Int) -> [UInt8] {
    Array(still[..<scan]) + HuffmanTables.standard + Array(still[scan...])
  }
}
