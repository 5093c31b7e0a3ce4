/// The delivery directives of a playlist request (rfc8216bis §6.2.5.2): which state of the playlist it waits for.
package struct BlockingReload: Equatable, Sendable {
  package enum Verdict: Equatable, Sendable {
    case answer
    case hold
    /// 400, with the reason.
    case refuse(String)
  }

  /// How far the playlist has come.
  package struct Progress: Equatable, Sendable {
    /// Media sequence number of the last complete segment.
    package let lastSequence: Int
    /// The number of parts of that segment.
    package let lastParts: Int
    /// The number of parts that the recording segment has so far.
    package let recordingParts: Int
    package let ended: Bool

    package init(lastSequence: Int, lastParts: Int, recordingParts: Int, ended: Bool) {
      self.lastSequence = lastSequence
      self.lastParts = lastParts
      self.recordingParts = recordingParts
      self.ended = ended
    }
  }

  /// A directive that is not valid whatever the playlist holds; answered with 400.
  package struct Malformed: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
      self.description = description
    }
  }

  private let sequence: Int
  private let part: Int?

  /// Reads `_HLS_msn` and `_HLS_part`; nil where the request has neither.
  package init?(query: [(name: String, value: String)]) throws(Malformed) {
    func directive(_ name: String) throws(Malformed) -> Int? {
      guard let value = query.first(where: { $0.name == name })?.value else { return nil }
      guard (1...15).contains(value.utf8.count), value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw Malformed("\(name) is not a decimal integer")
      }
      // One spelling for each number, so that a cache keeps each playlist once.
      guard value == "0" || !value.hasPrefix("0") else { throw Malformed("\(name) begins with a zero") }
      return Int(value)
    }
    part = try directive("_HLS_part")
    guard let sequence = try directive("_HLS_msn") else {
      // "_HLS_part=<N> … MUST only be used with _HLS_msn": a request that breaks this is answered with 400.
      if part != nil { throw Malformed("_HLS_part needs _HLS_msn") }
      return nil
    }
    self.sequence = sequence
  }

  /// Reads `_HLS_skip` (§6.2.5.1): whether the request is for a playlist delta update. `v2` is the value of a client that
  /// takes skipped date ranges too; ringcast skips none.
  package static func wantsDelta(query: [(name: String, value: String)]) throws(Malformed) -> Bool {
    guard let value = query.first(where: { $0.name == "_HLS_skip" })?.value else { return false }
    guard value == "YES" || value == "v2" else { throw Malformed("_HLS_skip is neither YES nor v2") }
    return true
  }

  /// Whether a request with these directives is answered now.
  /// - Parameter advancePartLimit: the most parts that a request may be ahead: "three divided by the Part Target Duration if it is less than one second, or three".
  package func verdict(_ progress: Progress, advancePartLimit: Int) -> Verdict {
    // "If the Playlist contains an EXT-X-ENDLIST tag, the directives are ignored."
    guard !progress.ended else { return .answer }
    // "a Media Sequence Number greater than the Media Sequence Number of the last Media Segment in the current Playlist
    // plus two … SHOULD immediately return Bad Request"
    guard sequence <= progress.lastSequence + 2 else {
      return .refuse("_HLS_msn is more than two segments ahead of \(progress.lastSequence)")
    }
    guard var part else { return sequence <= progress.lastSequence ? .answer : .hold }
    var sequence = sequence
    // "If the Part Index is greater than that of the final Partial Segment of the Parent Segment, the request is one for
    // Part Index 0 of the following Parent Segment."
    if sequence == progress.lastSequence, part >= progress.lastParts { (sequence, part) = (sequence + 1, 0) }
    if sequence <= progress.lastSequence { return .answer }
    let ahead = sequence == progress.lastSequence + 1 ? part - (progress.recordingParts - 1) : part + 1
    if ahead > advancePartLimit { return .refuse("_HLS_part is more than \(advancePartLimit) parts ahead") }
    return sequence == progress.lastSequence + 1 && part < progress.recordingParts ? .answer : .hold
  }
}
