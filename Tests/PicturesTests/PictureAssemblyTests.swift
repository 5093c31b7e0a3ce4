import Testing

@testable import Pictures

@Suite struct PictureAssemblyTests {
  /// The messages of a still in pieces.
  static func messages(_ jpeg: [UInt8], sequence: UInt8 = 1, of length: Int = 20) -> [[UInt8]] {
    stride(from: 0, to: jpeg.count, by: length).map { start in
      let end = min(start + length, jpeg.count)
      let flags: UInt8 = (start == 0 ? 1 : 0) | (end == jpeg.count ? 2 : 0)
      return [1, 2, 0, flags, 0, 0, 0, sequence, 0, 0, 0, 1, 0, 0, 0, 2] + jpeg[start..<end]
    }
  }

  /// The results of messages, but for `more`.
  private func results(_ messages: [[UInt8]]) throws -> [PictureAssembly.Result] {
    var assembly = PictureAssembly()
    return try messages.map { assembly.take(try #require(PicturePiece($0))) }.filter { $0 != .more }
  }

  private let still = PictureAssembly.Result.still(try! JPEGStill(JPEGs.good[...]), sampleTime: 0x1_0000_0002)

  @Test(arguments: [1, 20, 1920]) func `a still comes in pieces of any length`(length: Int) throws {
    #expect(try results(Self.messages(JPEGs.good, of: length)) == [still])
  }

  @Test func `a still whose piece is missing, or that another one interrupts, is left out`() throws {
    let (one, other) = (Self.messages(JPEGs.good), Self.messages(JPEGs.good, sequence: 2))
    #expect(try results(Array(one.dropFirst()) + other) == [still])
    #expect(try results(Array(one.dropLast()) + other + one.suffix(1)) == [still])
    var assembly = PictureAssembly()
    for (index, message) in one.enumerated() {
      if index == 1 { assembly.giveUp() }
      #expect(assembly.take(try #require(PicturePiece(message))) == .more)
    }
  }

  @Test func `bytes that are no still, and a still that never ends, are faults`() throws {
    #expect(try results(Self.messages(Array("<script>".utf8))) == [.fault(.malformed)])
    let endless = Self.messages(Array(repeating: 7, count: JPEGStill.longest + 1921), of: 1920).dropLast()
    #expect(try results(Array(endless)) == [.fault(.tooLong)])
  }

  @Test func `a message with another head, without bytes or with too many is no piece`() {
    let good = Self.messages(JPEGs.good)[0]
    #expect(PicturePiece(good) != nil)
    for (place, value) in [(0, 2), (1, 1), (1, 3), (2, 1), (3, 4)] as [(Int, UInt8)] {
      var bad = good
      bad[place] = value
      #expect(PicturePiece(bad) == nil)
    }
    #expect(PicturePiece(Array(good[..<16])) == nil && PicturePiece([1, 2]) == nil && PicturePiece([]) == nil)
    #expect(PicturePiece(good + Array(repeating: 0, count: 1936)) == nil)
  }
}
