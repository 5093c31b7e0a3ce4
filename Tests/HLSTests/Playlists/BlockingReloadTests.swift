import HLS
import Testing

@Suite struct BlockingReloadTests {
  /// Segment 10 is complete with 6 parts, segment 11 has 2.
  private let progress = BlockingReload.Progress(lastSequence: 10, lastParts: 6, recordingParts: 2, ended: false)

  private func verdict(
    msn: String? = nil, part: String? = nil, _ progress: BlockingReload.Progress? = nil
  ) throws -> BlockingReload.Verdict? {
    var query: [(name: String, value: String)] = [(name: "other", value: "1")]
    if let msn { query.append((name: "_HLS_msn", value: msn)) }
    if let part { query.append((name: "_HLS_part", value: part)) }
    return try BlockingReload(query: query)?.verdict(progress ?? self.progress, advancePartLimit: 9)
  }

  private static let tooFar = BlockingReload.Verdict.refuse("_HLS_msn is more than two segments ahead of 10")
  private static let tooManyParts = BlockingReload.Verdict.refuse("_HLS_part is more than 9 parts ahead")

  /// rfc8216bis §6.2.5.2, case by case.
  @Test(
    arguments: [
      // Whole segments.
      ("10", nil, .answer), ("11", nil, .hold), ("12", nil, .hold), ("13", nil, tooFar), ("3", nil, .answer),
      ("0", nil, .answer), ("999999999999999", nil, tooFar),
      // Parts: there, next, ahead.
      ("11", "0", .answer), ("11", "1", .answer), ("11", "2", .hold), ("11", "5", .hold), ("10", "5", .answer),
      // Beyond the last of a segment: as part 0 of the next, which is there.
      ("10", "6", .answer), ("10", "99", .answer),
      // Further ahead than the advance part limit.
      ("11", "10", .hold), ("11", "11", tooManyParts), ("12", "8", .hold), ("12", "9", tooManyParts),
      // Old segments, gone ones too: at once.
      ("2", "0", .answer), ("9", "77", .answer),
    ] as [(String, String?, BlockingReload.Verdict)])
  func `answers, holds or refuses`(msn: String, part: String?, expected: BlockingReload.Verdict) throws {
    #expect(try verdict(msn: msn, part: part) == expected)
  }

  @Test func `a part beyond the last waits for the first of the next segment while that has none`() throws {
    let fresh = BlockingReload.Progress(lastSequence: 10, lastParts: 6, recordingParts: 0, ended: false)
    #expect(try verdict(msn: "10", part: "6", fresh) == .hold)
    #expect(try verdict(msn: "10", part: "5", fresh) == .answer)
    #expect(try verdict(msn: "11", part: "0", fresh) == .hold)
  }

  @Test func `a request without directives waits for nothing`() throws {
    #expect(try verdict() == nil)
  }

  @Test(
    arguments: [
      (nil, "1", "_HLS_part needs _HLS_msn"), ("", nil, "_HLS_msn is not a decimal integer"),
      ("-1", nil, "_HLS_msn is not a decimal integer"), ("1e3", nil, "_HLS_msn is not a decimal integer"),
      ("1", "x", "_HLS_part is not a decimal integer"), ("07", nil, "_HLS_msn begins with a zero"),
      ("00", nil, "_HLS_msn begins with a zero"), ("7", "00", "_HLS_part begins with a zero"),
      ("9999999999999999", nil, "_HLS_msn is not a decimal integer"),
    ] as [(String?, String?, String)])
  func `a directive that makes no sense is named`(msn: String?, part: String?, reason: String) {
    #expect(throws: BlockingReload.Malformed(reason)) { try verdict(msn: msn, part: part) }
  }

  @Test(arguments: [(nil, false), ("YES", true), ("v2", true)] as [(String?, Bool)])
  func `a delta update has two spellings`(value: String?, expected: Bool) throws {
    #expect(try BlockingReload.wantsDelta(query: value.map { [("x", "1"), ("_HLS_skip", $0)] } ?? []) == expected)
  }

  @Test(arguments: ["", "NO", "yes", "YES ", "V2", "1"])
  func `nothing else is a delta update`(value: String) {
    #expect(throws: BlockingReload.Malformed("_HLS_skip is neither YES nor v2")) {
      try BlockingReload.wantsDelta(query: [("_HLS_skip", value)])
    }
  }

  @Test(arguments: [("13", nil), ("11", "99"), ("11", nil)] as [(String, String?)])
  func `at the stream's end the directives are ignored`(msn: String, part: String?) throws {
    let ended = BlockingReload.Progress(lastSequence: 10, lastParts: 6, recordingParts: 0, ended: true)
    #expect(try verdict(msn: msn, part: part, ended) == .answer)
  }
}
