import Codec
import Glibc

/// One segment or part, as the first listener received it. Every other listener must receive the same bytes. So its frames
/// are walked once, which verifies them for all listeners.
final class Reference {
  enum Kind {
    /// A timestamp tag, then whole MP3 frames.
    case packedAudio
    /// Not examined.
    case other
  }

  private let kind: Kind
  private var bytes: [UInt8] = []
  private var walker = FrameWalker()
  /// The length, once a listener has received the end.
  private var length: Int?

  init(_ kind: Kind) {
    self.kind = kind
    bytes.reserveCapacity(kind == .packedAudio ? 65_536 : 0)
  }

  /// The playing time of a range without the tag; one nanosecond for a kind that is not examined.
  func sound(in range: Range<Int>) -> Duration {
    guard kind == .packedAudio else { return .nanoseconds(1) }
    let bytes = range.clamped(to: Self.tagLength..<Int.max).count
    return .playing(bytes: bytes, kilobitsPerSecond: walker.bitrate)
  }

  /// Bytes of the tag in front of the frames.
  private static let tagLength = 73

  /// Compares the bytes that a listener received at `offset` with those of another listener.
  /// - Returns: false if they differ, or if they are not a run of frames.
  func matches(_ piece: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    let known = max(0, min(piece.count, bytes.count - offset))
    if known > 0 {
      let same = bytes.withUnsafeBytes { memcmp($0.baseAddress! + offset, piece.baseAddress!, known) == 0 }
      guard same else { return false }
    }
    guard known < piece.count else { return true }
    // Longer than another listener's copy.
    guard length == nil else { return false }
    let new = UnsafeRawBufferPointer(rebasing: piece[known...])
    if kind == .packedAudio {
      walker.walk(UnsafeRawBufferPointer(rebasing: new.dropFirst(max(0, Self.tagLength - bytes.count))))
    }
    bytes += new
    return !walker.isBroken
  }

  /// A listener's copy has ended after `count` bytes.
  /// - Returns: false if another listener's copy was longer, or if it ends inside a frame.
  func ends(after count: Int) -> Bool {
    guard count == bytes.count else { return false }
    length = count
    return kind == .other || (walker.isAtBoundary && walker.frames > 0 && start != nil)
  }

  /// The timestamp of the first sample, in ticks of 90 kHz modulo 2^33.
  var start: Int? {
    guard kind == .packedAudio, bytes.count >= Self.tagLength, bytes.starts(with: "ID3".utf8) else { return nil }
    return bytes[(Self.tagLength - 8)..<Self.tagLength].reduce(0) { $0 << 8 | Int($1) }
  }

  /// The timestamp at which the next segment must begin, in the same ticks.
  var end: Int? {
    guard let start, walker.sampleRate > 0 else { return nil }
    return (start + walker.frames * AudioCodec.mp3.samplesPerFrame * 90_000 / walker.sampleRate) % (1 << 33)
  }

  /// Whether this one begins where another ended. Each timestamp is rounded down on its own, so one tick of difference is
  /// accepted.
  func follows(_ end: Int) -> Bool {
    guard let start else { return false }
    let ticks = (start - end) & (1 << 33 - 1)
    return ticks <= 1 || ticks == 1 << 33 - 1
  }
}

/// The latest references, by path.
struct References {
  private var all: [String: Reference] = [:]
  private var paths: [String] = []

  /// More references than any listener can be behind.
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
