/// Reads a form, `multipart/form-data` (RFC 7578, RFC 2046 §5.1), piece by piece. The parser keeps the head of a part and a
/// piece of a delimiter at the most; the content of a part goes on as it comes.
package struct FormParser: Sendable {
  package enum Event: Equatable, Sendable {
    case begin(FormPart)
    /// Some bytes of the part that has begun.
    case content(ArraySlice<UInt8>)
    /// The part is whole.
    case end
    /// The form is whole. Bytes that follow have no meaning.
    case whole
  }

  /// The reason why a text is no form.
  package enum Malformed: Error, Equatable, CustomStringConvertible {
    case noDelimiter
    case delimiter
    case head
    case longHead
    case manyParts
    case cutOff

    package var description: String {
      switch self {
      case .noDelimiter: "the form does not begin with its boundary"
      case .delimiter: "a boundary of the form is followed by neither a line nor --"
      case .head: "a part of the form has no Content-Disposition with a name"
      case .longHead: "the head of a part of the form has more than \(FormParser.longestHead) bytes"
      case .manyParts: "the form has more than \(FormParser.mostParts) parts"
      case .cutOff: "the form ends before its last boundary"
      }
    }
  }

  /// Bytes.
  static let longestHead = 8192
  static let mostParts = 64
  /// Bytes before the first boundary; a form has none.
  private static let longestPreamble = 1024
  /// White space behind a boundary, in bytes.
  private static let longestPadding = 256

  private enum Place { case preamble, delimiter, head, content, whole }

  /// CRLF, two hyphens and the boundary.
  private let delimiter: [UInt8]
  private var place = Place.preamble
  /// The bytes that no event has given yet.
  private var rest: [UInt8]
  /// The bytes of the head that hold no end of it, so that a head in single bytes is searched once.
  private var searched = 0
  private var parts = 0

  package init(_ boundary: FormBoundary) {
    delimiter = Array("\r\n--".utf8) + boundary.bytes
    // The first boundary has no line before it; with this one, it is like the others.
    rest = Array("\r\n".utf8)
  }

  /// Whether the last boundary was read.
  package var isWhole: Bool { place == .whole }

  /// Takes the next bytes of the form.
  /// - Returns: the events, in order; the bytes of contents are at most those that were given, and those of one delimiter.
  package mutating func read(_ bytes: some Sequence<UInt8>) throws(Malformed) -> [Event] {
    if place == .whole { return [] }
    rest.append(contentsOf: bytes)
    var (position, events) = (0, [Event]())
    while try step(&position, &events) {}
    rest.removeFirst(position)
    return events
  }

  /// Checks that nothing is missing at the end of the request.
  package func finish() throws(Malformed) {
    guard place == .whole else { throw .cutOff }
  }

  /// - Returns: whether there may be more to read.
  private mutating func step(_ position: inout Int, _ events: inout [Event]) throws(Malformed) -> Bool {
    switch place {
    case .preamble:
      guard let found = find(from: position) else {
        guard rest.count <= Self.longestPreamble else { throw .noDelimiter }
        return false
      }
      position = found + delimiter.count
      place = .delimiter
    case .delimiter:
      return try passDelimiter(&position, &events)
    case .head:
      guard let end = endOfHead(from: position) else {
        guard rest.count - position <= Self.longestHead else { throw .longHead }
        return false
      }
      guard end.head.count <= Self.longestHead else { throw .longHead }
      guard let part = FormPart(Array(rest[end.head])) else { throw .head }
      position = end.after
      place = .content
      events.append(.begin(part))
    case .content:
      let found = find(from: position)
      // The last bytes may be the beginning of a delimiter.
      let end = found ?? max(position, rest.count - delimiter.count + 1)
      if end > position { events.append(.content(rest[position..<end])) }
      position = end
      guard found != nil else { return false }
      position += delimiter.count
      place = .delimiter
      events.append(.end)
    case .whole:
      return false
    }
    return true
  }

  /// RFC 2046 §5.1.1: "The boundary may be followed by zero or more characters of linear whitespace." "The boundary delimiter
  /// line following the last body part is a distinguished delimiter … with the addition of two more hyphens".
  private mutating func passDelimiter(_ position: inout Int, _ events: inout [Event]) throws(Malformed) -> Bool {
    guard rest.count - position >= 2 else { return false }
    if rest[position] == UInt8(ascii: "-"), rest[position + 1] == UInt8(ascii: "-") {
      position = rest.count
      place = .whole
      events.append(.whole)
      return false
    }
    let line = rest[position...].drop { $0 == 0x20 || $0 == 0x09 }
    guard line.startIndex - position <= Self.longestPadding else { throw .delimiter }
    guard line.count >= 2 else { return false }
    guard line.starts(with: "\r\n".utf8) else { throw .delimiter }
    parts += 1
    guard parts <= Self.mostParts else { throw .manyParts }
    // The line before the head stays: a head without a field has nothing but that line and the empty one.
    position = line.startIndex
    place = .head
    return true
  }

  /// The lines of the head that begins at `start` with the end of a line, and the place behind the empty line.
  private mutating func endOfHead(from start: Int) -> (head: Range<Int>, after: Int)? {
    while start + searched + 4 <= rest.count, searched <= Self.longestHead {
      let index = start + searched
      if rest[index] == 0x0D, rest[index + 1] == 0x0A, rest[index + 2] == 0x0D, rest[index + 3] == 0x0A {
        searched = 0
        return (min(start + 2, index)..<index, index + 4)
      }
      searched += 1
    }
    return nil
  }

  /// The place of the next whole delimiter.
  private func find(from start: Int) -> Int? {
    var index = start
    let last = rest.count - delimiter.count
    while index <= last, let found = rest[index...last].firstIndex(of: 0x0D) {
      if rest[found..<(found + delimiter.count)].elementsEqual(delimiter) { return found }
      index = found + 1
    }
    return nil
  }
}
