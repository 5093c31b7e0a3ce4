import Rooms
import System
import Voice

/// Decides on each sound packet of a connection, before the mixer has it. A packet that is refused costs next to nothing.
struct SoundGate: Sendable {
  enum Verdict {
    case passes(VoiceLine)
    case dropped
    /// The page is told; the packet is dropped.
    case refused(ErrorCode)
    /// The connection sends so much that it cannot be a page.
    case closes
  }

  /// The time between two errors of one kind.
  private static let pause = Duration.seconds(1)

  /// Nil before the welcome, and where the member has no voice.
  var line: VoiceLine?
  /// 100 packets a second, and those that an outage of three seconds has held back.
  private var allowance = Allowance(burst: 300, perSecond: 110)
  private var limit = Allowance(burst: 3000, perSecond: 1000)
  private var told: [ErrorCode: MonotonicTime] = [:]

  mutating func verdict(on packet: [UInt8], at now: MonotonicTime) -> Verdict {
    guard limit.take(at: now) else { return .closes }
    guard let line, line.maySpeak else { return refusal(.notAllowed, now) }
    guard allowance.take(at: now) else {
      line.drop()
      return .dropped
    }
    guard packet.withUnsafeBytes({ SoundPacket($0) != nil }) else { return refusal(.badMessage, now) }
    return .passes(line)
  }

  private mutating func refusal(_ code: ErrorCode, _ now: MonotonicTime) -> Verdict {
    if let last = told[code], now - last < Self.pause { return .dropped }
    told[code] = now
    return .refused(code)
  }
}
