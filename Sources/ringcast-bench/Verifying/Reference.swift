import Codec
import Glibc

/// One segment or part as the first listener to receive it did. All others must get the same, byte for byte; so its
/// frames are walked only once, and that proves them for everybody.
final class Reference {
  enum Kind {
    /// A timestamp tag, then whole MP3 frames.
    case packedAudio
    /// Not looked into.
    case other
  }

  private let kind: Kind
  private var bytes: [UInt8] = []
  private var walker = FrameWalker()
  /// The length, once somebody has received its end.
  private var length: Int?

  init(_ kind: Kind) {
    self.kind = kind
    bytes.reserveCapacity(kind == .packedAudio ? 65_536 : 0)
  }

  /// Nanoseconds that the bytes of a range play, the tag left out; where nothing is known of them, one.
  func sound(in range: Range<Int>) -> Int {
    guard kind == .packedAudio else { return 1 }
    return Time.played(range.clamped(to: Self.tagLength..<Int.max).count, kilobits: walker.bitrate)
  }

  /// Length of the tag in front of the frames.
  private static let tagLength = 73

  /// Takes what a listener received at `offset`; false where it differs from what another got, or is not a run of frames.
  func matches(_ piece: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    let known = max(0, min(piece.count, bytes.count - offset))
    if known > 0 {
      let same = bytes.withUnsafeBytes { memcmp($0.baseAddress! + offset, piece.baseAddress!, known) == 0 }
      guard same else { return false }
    }
    guard known < piece.count else { return true }
    // Longer than the whole was for somebody else.
    guard length == nil else { return false }
    let new = UnsafeRawBufferPointer(rebasing: piece[known...])
    if kind == .packedAudio {
      walker.walk(UnsafeRawBufferPointer(rebasing: new.dropFirst(max(0, Self.tagLength - bytes.count))))
    }
    bytes += new
    return !walker.isBroken
  }

  /// Takes that a listener's copy ended after `count` bytes; false where another's was longer, or it ends within a frame.
  func ends(after count: Int) -> Bool {
    guard count == bytes.count else { return false }
    length = count
    return kind == .other || (walker.isAtBoundary && walker.frames > 0 && start != nil)
  }

  /// Timestamp of its first sample, in ticks of 90 kHz modulo 2^33.
  var start: Int? {
    guard kind == .packedAudio, bytes.count >= Self.tagLength, bytes.starts(with: "ID3".utf8) else { return nil }
    return bytes[(Self.tagLength - 8)..<Self.tagLength].reduce(0) { $0 << 8 | Int($1) }
  }

  /// Where the next one must begin, in the same ticks.
  var end: Int? {
    guard let start, walker.sampleRate > 0 else { return nil }
    return (start + walker.frames * AudioCodec.mp3.samplesPerFrame * 90_000 / walker.sampleRate) % (1 << 33)
  }

  /// Whether this one begins where another ended. Each timestamp is rounded down by itself, so one tick is nothing.
  func follows(_ end: Int) -> Bool {
    guard let start else { return false }
    let ticks = (start - end) & (1 << 33 - 1)
    return ticks <= 1 || ticks == 1 << 33 - 1
  }
}

/// The references of late, by path.
struct References {
  private var all: [String: Reference] = [:]
  private var paths: [String] = []

  /// More than any listener is behind.
  private static let limit = 256

  mutating func reference(for path: String) -> Reference {
    if let reference = all[path] { return reference }
    let reference = Reference(path.hasSuffix(".mp3") ? .packedAudio : .other)
    all[path] = reference
    paths.append(path)
    if paths.count > Self.limit { all[paths.removeFirst()] = nil }
    return reference
  }
}
