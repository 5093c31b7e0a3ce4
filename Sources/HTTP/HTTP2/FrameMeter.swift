import System

/// The header of each frame that a client sends (RFC 9113 §4.1), counted before libnghttp2 gets the frame: a frame that is
/// one too many is never processed.
struct FrameMeter {
  /// The type of a frame (RFC 9113 §6; RFC 9218 §7.1).
  private enum Kind {
    static let data: UInt8 = 0x0
    static let headers: UInt8 = 0x1
    static let priority: UInt8 = 0x2
    static let reset: UInt8 = 0x3
    static let settings: UInt8 = 0x4
    static let ping: UInt8 = 0x6
    static let windowUpdate: UInt8 = 0x8
    static let continuation: UInt8 = 0x9
    static let priorityUpdate: UInt8 = 0x10
  }

  private static let endStream: UInt8 = 0x1
  private static let padded: UInt8 = 0x8
  /// A header section of twice the limit of 64 kB fits into frames of 16 kB.
  private static let mostContinuations = 8
  /// A frame header has 9 octets: 3 of length, then type, flags, and 4 with the stream.
  private static let headerLength = 9

  /// Octets before the next frame header: first of the connection preface (RFC 9113 §3.4), then of payloads.
  private var skipped = 24
  private var headerOctets = 0
  private var length = 0
  private var type: UInt8 = 0
  private var flags: UInt8 = 0
  private var continuations = 0

  private var resets = Allowance(burst: 100, perSecond: 33)
  private var settings = Allowance(burst: 16, perSecond: 1)
  private var pings = Allowance(burst: 32, perSecond: 4)
  private var emptyFrames = Allowance(burst: 100, perSecond: 10)
  private var priorities = Allowance(burst: 200, perSecond: 20)
  private var windowUpdates = Allowance(burst: 1000, perSecond: 100)
  private var otherFrames = Allowance(burst: 100, perSecond: 10)

  /// - Returns: the number of bytes that may be processed, and what is wrong with the next frame.
  mutating func scan(_ bytes: UnsafeRawBufferPointer, at now: MonotonicTime) -> (allowed: Int, abuse: HTTP2Abuse?) {
    var position = 0
    while position < bytes.count {
      if skipped > 0 {
        let step = min(skipped, bytes.count - position)
        skipped -= step
        position += step
        continue
      }
      append(bytes[position])
      if headerOctets == Self.headerLength {
        if let abuse = abuse(at: now) { return (position, abuse) }
        (skipped, headerOctets) = (length, 0)
      }
      position += 1
    }
    return (position, nil)
  }

  /// Content was sent, which the client answers with WINDOW_UPDATE frames.
  mutating func noteSent(bytes: Int) {
    windowUpdates.add(Double(bytes) / 512)
  }

  /// This side has reset a stream because of an error of the client.
  /// - Returns: false if the reset is one too many.
  mutating func allowsReset(at now: MonotonicTime) -> Bool { resets.take(at: now) }

  private mutating func append(_ octet: UInt8) {
    switch headerOctets {
    case 0: length = Int(octet)
    case 1, 2: length = length << 8 | Int(octet)
    case 3: type = octet
    case 4: flags = octet
    default: break
    }
    headerOctets += 1
  }

  private mutating func abuse(at now: MonotonicTime) -> HTTP2Abuse? {
    switch type {
    case Kind.data:
      if flags & Self.endStream != 0 { return nil }
      // The first octet of a padded payload tells the octets of padding, at most 255.
      let isEmpty = length == 0 || flags & Self.padded != 0 && length <= 256
      return !isEmpty || emptyFrames.take(at: now) ? nil : .emptyFrames
    case Kind.headers:
      continuations = 0
      return nil
    case Kind.continuation:
      continuations += 1
      return continuations <= Self.mostContinuations ? nil : .continuations
    case Kind.priority, Kind.priorityUpdate: return priorities.take(at: now) ? nil : .priorities
    case Kind.reset: return resets.take(at: now) ? nil : .resets
    case Kind.settings: return settings.take(at: now) ? nil : .settings
    case Kind.ping: return pings.take(at: now) ? nil : .pings
    case Kind.windowUpdate: return windowUpdates.take(at: now) ? nil : .windowUpdates
    default: return otherFrames.take(at: now) ? nil : .otherFrames
    }
  }
}
