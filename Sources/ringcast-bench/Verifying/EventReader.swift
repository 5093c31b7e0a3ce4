import Glibc

/// Finds in the events of a room the times at which they were sent. The content comes in pieces of any size.
struct EventReader {
  private static let key = Array(#""sent":"#.utf8)

  /// The beginning of a line that is not complete yet.
  private var rest: [UInt8] = []

  /// - Parameter body: called for each event that tells its time: nanoseconds of the monotonic clock.
  mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (_ sent: Int) -> Void) {
    guard let end = piece.lastIndex(of: UInt8(ascii: "\n")) else {
      rest += piece
      return
    }
    let lines = UnsafeRawBufferPointer(rebasing: piece[...end])
    if rest.isEmpty {
      Self.search(lines, body)
    } else {
      rest += lines
      rest.withUnsafeBytes { Self.search($0, body) }
    }
    rest = Array(piece[(end + 1)...])
  }

  /// Searches whole lines.
  private static func search(_ lines: UnsafeRawBufferPointer, _ body: (_ sent: Int) -> Void) {
    guard let start = lines.baseAddress else { return }
    key.withUnsafeBytes { key in
      var place = 0
      while place + key.count <= lines.count {
        guard lines[place] == key[0], memcmp(start + place, key.baseAddress!, key.count) == 0 else {
          place += 1
          continue
        }
        place += key.count
        body(number(at: &place, of: lines))
      }
    }
  }

  private static func number(at place: inout Int, of lines: UnsafeRawBufferPointer) -> Int {
    var number = 0
    while place < lines.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(lines[place]) {
      number = number &* 10 &+ Int(lines[place] - UInt8(ascii: "0"))
      place += 1
    }
    return number
  }
}
