import Testing

@testable import Pictures

@Suite struct JPEGStillTests {
  @Test func `a baseline still and a progressive one are taken as they are`() throws {
    for bytes in [JPEGs.good, JPEGs.still(JPEGs.tables, JPEGs.frame(0xC2), JPEGs.scan, JPEGs.tables, JPEGs.scan)] {
      let still = try JPEGStill(bytes[...])
      #expect(still.bytes == bytes && still.width == 640 && still.height == 480)
    }
  }

  @Test func `bytes that are cut anywhere are malformed`() {
    for count in 0..<JPEGs.good.count {
      #expect(throws: JPEGFault.malformed) { try JPEGStill(JPEGs.good[..<count]) }
    }
  }

  @Test func `bytes that are no still of the kinds that browsers show are malformed`() {
    let hostile: [[UInt8]] = [
      Array("GIF89a<script>".utf8), Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8),
      // Bytes behind the end, two headers, no header, a scan before the header, no scan.
      JPEGs.good + [0], JPEGs.still(JPEGs.frame(), JPEGs.frame(), JPEGs.scan), JPEGs.still(JPEGs.scan),
      JPEGs.still(JPEGs.scan, JPEGs.frame()), JPEGs.still(JPEGs.frame()),
      // Lossless, arithmetic, twelve bits, no pixels.
      JPEGs.still(JPEGs.frame(0xC3), JPEGs.scan), JPEGs.still(JPEGs.frame(0xC9), JPEGs.scan),
      JPEGs.still(JPEGs.frame(bits: 12), JPEGs.scan), JPEGs.still(JPEGs.frame(height: 0), JPEGs.scan),
      // A length that is too short for itself, and one that is longer than the bytes.
      JPEGs.still([0xFF, 0xFE, 0, 1], JPEGs.frame(), JPEGs.scan),
      JPEGs.still([0xFF, 0xFE, 0xFF, 0xFF], JPEGs.frame(), JPEGs.scan),
    ]
    for bytes in hostile { #expect(throws: JPEGFault.malformed) { try JPEGStill(bytes[...]) } }
  }

  @Test func `a progressive still has sixteen scans at most`() throws {
    func still(scans: Int) -> [UInt8] {
      JPEGs.still(JPEGs.tables, JPEGs.frame(0xC2), Array(repeatElement(JPEGs.scan, count: scans).joined()))
    }
    #expect(try JPEGStill(still(scans: 16)[...]).bytes == still(scans: 16))
    #expect(throws: JPEGFault.malformed) { try JPEGStill(still(scans: 17)[...]) }
  }

  @Test(arguments: [(8, 480), (640, 15), (1281, 480), (65_535, 65_535)])
  func `a still that is too small or too large is refused`(width: Int, height: Int) {
    #expect(throws: JPEGFault.size(width: width, height: height)) {
      try JPEGStill(JPEGs.still(JPEGs.frame(width: width, height: height), JPEGs.scan)[...])
    }
  }

  @Test func `a still with more bytes than the limit is refused`() throws {
    let comment = JPEGs.segment(0xFE, Array(repeating: 7, count: 60_000))
    let rest = JPEGStill.longest - JPEGs.good.count - 2 * comment.count
    func padded(_ count: Int) -> [UInt8] {
      JPEGs.still(
        comment, comment, JPEGs.segment(0xFE, Array(repeating: 7, count: count - 4)),
        JPEGs.segment(0xFE, Array("a comment".utf8)), JPEGs.tables, JPEGs.frame(), JPEGs.scan)
    }
    #expect(try JPEGStill(padded(rest)[...]).bytes.count == JPEGStill.longest)
    #expect(throws: JPEGFault.tooLong) { try JPEGStill(padded(rest + 1)[...]) }
  }

  @Test func `the padding of a camera is left out`() throws {
    let still = try JPEGStill((JPEGs.good + [0, 0, 0xFF])[...], mayHavePadding: true)
    #expect(still.bytes == JPEGs.good)
  }

  @Test func `a still of Motion JPEG gets the tables that it leaves out`() throws {
    let still = try JPEGStill(JPEGs.still(JPEGs.frame(), JPEGs.scan)[...])
    #expect(still.bytes == JPEGs.still(JPEGs.frame(), HuffmanTables.standard, JPEGs.scan))
    #expect(HuffmanTables.standard.count == 420)
  }
}
