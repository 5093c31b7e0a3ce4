import Core
import HLS

/// The record in front of a segment's bytes in the crash memory. A reader that finds anything else there passes the memory
/// over: the bytes may be those of another version of ringcast, of another program, or damaged.
struct CrashRecord: Equatable, Sendable {
  /// Bytes of the record.
  static let length = 6 * 8
  /// `ingcast` in ASCII, and the version of this layout in the last byte.
  private static let magic: UInt64 = 0x02_74_73_61_63_67_6E_69
  /// The dates of the years 1970 to 9998, in microseconds.
  private static let dates = 0...253_370_764_799_999_999

  /// The segment's media sequence number.
  let sequence: Int
  /// Wall-clock time of the segment's first sample.
  let date: WallTime
  /// The number of the segment's bytes behind the record.
  let count: Int
  /// FNV-1a of these bytes.
  let hash: UInt64

  init(sequence: Int, date: WallTime, count: Int, hash: UInt64) {
    self.sequence = sequence
    self.date = date
    self.count = count
    self.hash = hash
  }

  /// Reads what `bytes` writes; nil for anything else.
  /// - Parameter limit: the most bytes that a segment may have.
  init?(_ bytes: [UInt8], atMost limit: Int) {
    guard bytes.count == Self.length else { return nil }
    let words = stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard words[0] == Self.magic, words[5] == FNV1a.hash(bytes[..<(Self.length - 8)]),
      let sequence = Int(exactly: words[1]), (1...Restored.highest).contains(sequence),
      let date = Int(exactly: words[2]), Self.dates.contains(date),
      let count = Int(exactly: words[3]), (0...limit).contains(count)
    else { return nil }
    self.init(sequence: sequence, date: WallTime(microseconds: date), count: count, hash: words[4])
  }

  /// Little-endian words of eight bytes: magic and version, the four properties, and the FNV-1a of these five words.
  var bytes: [UInt8] {
    let words = [Self.magic, UInt64(sequence), UInt64(bitPattern: Int64(date.microseconds)), UInt64(count), hash]
    let bytes = words.flatMap(Self.octets)
    return bytes + Self.octets(FNV1a.hash(bytes))
  }

  private static func octets(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
  }
}
