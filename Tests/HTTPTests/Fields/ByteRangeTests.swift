import HTTP
import Testing

@Suite struct ByteRangeTests {
  /// The examples of RFC 9110 §14.1.2, "assuming a representation of length 10000".
  @Test(arguments: [
    ("bytes=0-499", [0..<500]),
    ("bytes=500-999", [500..<1000]),
    ("bytes=-500", [9500..<10000]),
    ("bytes=9500-", [9500..<10000]),
    ("bytes=0-0,-1", [0..<1, 9999..<10000]),
    ("bytes= 0-999, 4500-5499, -1000", [0..<1000, 4500..<5500, 9000..<10000]),
    ("bytes=500-600,601-999", [500..<601, 601..<1000]),
    ("bytes=500-700,601-999", [500..<701, 601..<1000]),
  ])
  func `the examples of the RFC mean what the RFC says`(field: String, ranges: [Range<Int>]) {
    #expect(ByteRange.parse(field, length: 10000) == .ranges(ranges))
  }

  /// The Content-Range examples of §14.4 and §15.3.7, turned round.
  @Test(arguments: [
    ("bytes=42-", 1234, 42..<1234),
    ("bytes=42-1233", 1234, 42..<1234),
    ("bytes=0-499", 1234, 0..<500),
    ("bytes=500-999", 1234, 500..<1000),
    ("bytes=500-1233", 1234, 500..<1234),
    ("bytes=-500", 1234, 734..<1234),
    ("bytes=21010-47021", 47022, 21010..<47022),
  ])
  func `the ranges in the examples of Content-Range can be reached`(field: String, length: Int, range: Range<Int>) {
    #expect(ByteRange.parse(field, length: length) == .ranges([range]))
  }

  /// §14.1.2: "the byte range is interpreted as the remainder of the representation"; "If the selected representation
  /// is shorter than the specified suffix-length, the entire representation is used."
  @Test(arguments: [
    ("bytes=90-100", 90..<100), ("bytes=90-1000000", 90..<100), ("bytes=99-99", 99..<100), ("bytes=0-", 0..<100),
    ("bytes=-100", 0..<100), ("bytes=-101", 0..<100), ("bytes=-1", 99..<100),
  ])
  func `a range beyond the end is clipped`(field: String, range: Range<Int>) {
    #expect(ByteRange.parse(field, length: 100) == .ranges([range]))
  }

  @Test(arguments: ["bytes=100-", "bytes=100-200", "bytes=101-", "bytes=-0", "bytes=-000", "bytes=100-,-0,5000-6000"])
  func `a set without a satisfiable range is unsatisfiable`(field: String) {
    #expect(ByteRange.parse(field, length: 100) == .unsatisfiable)
  }

  @Test(arguments: [("bytes=100-,5-6", 5..<7), ("bytes=-0, 5-", 5..<100), ("bytes=5-6,1000-", 5..<7)])
  func `one satisfiable range among several is a single range`(field: String, range: Range<Int>) {
    #expect(ByteRange.parse(field, length: 100) == .ranges([range]))
  }

  /// §14.1.1: "A ranges-specifier is invalid if it contains any range-spec that is invalid or undefined for the
  /// indicated range-unit."
  @Test(arguments: [
    "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=1", "bytes=2-1", "bytes=0-1,2-1", "bytes=a-b", "bytes=0-1,x",
    "bytes=1-2-3", "bytes=--1", "bytes=0 -1", "bytes=0- 1", "bytes=- 1", "bytes=+0-1", "bytes=0x0-1", "bytes=0-1;2-3",
    "bytes =0-1", "bytes:0-1", "0-1", "=0-1", "bytes=\"0-1\"", "bytes=0-1, bytes=2-3", "bytes=٠-١", "bytes=0-1\u{0}",
  ])
  func `a malformed field is ignored`(field: String) {
    #expect(ByteRange.parse(field, length: 100) == .ignored)
  }

  /// §14.1: "All range unit names are case-insensitive". §14.2: "An origin server MUST ignore a Range header field that
  /// contains a range unit it does not understand."
  @Test func `units are distinguished regardless of case`() {
    #expect(ByteRange.parse("BYTES=0-1", length: 100) == .ranges([0..<2]))
    #expect(ByteRange.parse("Bytes=0-1", length: 100) == .ranges([0..<2]))
    #expect(ByteRange.parse("seconds=0-1", length: 100) == .ignored)
    #expect(ByteRange.parse("exampleunit=1.2-4.3", length: 100) == .ignored)
    #expect(ByteRange.parse("byte=0-1", length: 100) == .ignored)
    #expect(ByteRange.parse("none=0-1", length: 100) == .ignored)
  }

  /// §5.6.1: OWS around the commas, empty elements ignored.
  @Test(arguments: ["bytes=0-1,4-5", "bytes=0-1 , 4-5", "bytes=,0-1,,\t4-5,", "bytes= 0-1\t,4-5 ", " bytes=0-1,4-5\t"])
  func `empty list elements and white space are read as the list grammar says`(field: String) {
    #expect(ByteRange.parse(field, length: 100) == .ranges([0..<2, 4..<6]))
  }

  /// §14.1.2: "recipients MUST anticipate potentially large decimal numerals".
  @Test func `numbers may have any length`() {
    let huge = String(repeating: "9", count: 5000)
    let zeros = String(repeating: "0", count: 5000)
    #expect(ByteRange.parse("bytes=1-\(huge)", length: 100) == .ranges([1..<100]))
    #expect(ByteRange.parse("bytes=-\(huge)", length: 100) == .ranges([0..<100]))
    #expect(ByteRange.parse("bytes=\(huge)-", length: 100) == .unsatisfiable)
    #expect(ByteRange.parse("bytes=\(zeros)7-\(zeros)8", length: 100) == .ranges([7..<9]))
    #expect(ByteRange.parse("bytes=9223372036854775807-9223372036854775808", length: 100) == .unsatisfiable)
    #expect(ByteRange.parse("bytes=18446744073709551616-18446744073709551615", length: 100) == .ignored)
    #expect(ByteRange.parse("bytes=0-18446744073709551616", length: .max) == .ranges([0..<Int.max]))
  }

  /// §14.2: "more than two overlapping ranges, or a set of many small ranges" may be ignored.
  @Test func `an abusive set of ranges gets the whole content`() {
    #expect(ByteRange.parse("bytes=0-10,5-15", length: 100) == .ranges([0..<11, 5..<16]))
    #expect(ByteRange.parse("bytes=0-10,5-15,8-20", length: 100) == .ignored)
    #expect(ByteRange.parse("bytes=0-1,0-1,0-1", length: 100) == .ignored)
    #expect(ByteRange.parse("bytes=0-,0-", length: 100) == .ignored)
    #expect(ByteRange.parse("bytes=0-50,50-99", length: 100) == .ignored)
    #expect(ByteRange.parse("bytes=0-49,50-99", length: 100) == .ranges([0..<50, 50..<100]))
  }

  @Test func `too many ranges get the whole content`() {
    func field(_ count: Int) -> String { "bytes=" + (0..<count).map { "\($0 * 2)-\($0 * 2)" }.joined(separator: ",") }
    #expect(ByteRange.parse(field(16), length: 100) == .ranges((0..<16).map { $0 * 2..<$0 * 2 + 1 }))
    #expect(ByteRange.parse(field(17), length: 100) == .ignored)
  }

  /// §14.2: "MAY ignore a Range header field when the selected representation has no content".
  @Test(arguments: ["bytes=0-", "bytes=-1", "bytes=0-0"])
  func `an empty representation has no ranges`(field: String) {
    #expect(ByteRange.parse(field, length: 0) == .ignored)
  }

  @Test(arguments: 0..<20)
  func `random fields mean the same as in a byte-by-byte reading`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let length = [0, 1, 2, 3, 10, 130].randomElement(using: &random)!
      let expected = RandomRange(length: length, using: &random)
      #expect(ByteRange.parse(expected.field, length: length) == expected.outcome, "\(expected.field) of \(length)")
    }
  }

  @Test func `the random fields include every kind`() {
    var random = SplitMix64(seed: 2)
    var counts = ["ignored": 0, "unsatisfiable": 0, "single": 0, "several": 0]
    for _ in 0..<3000 {
      switch RandomRange(length: 120, using: &random).outcome {
      case .ignored: counts["ignored"]! += 1
      case .unsatisfiable: counts["unsatisfiable"]! += 1
      case .ranges(let ranges): counts[ranges.count == 1 ? "single" : "several"]! += 1
      }
    }
    #expect(counts.values.allSatisfy { $0 > 50 }, "\(counts)")
  }
}
