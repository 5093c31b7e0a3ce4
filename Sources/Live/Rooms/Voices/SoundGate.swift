import Core
import Pictures
import Rooms
import System
import Voice

/// Decides on each sound packet of a connection, before the mixer has it. A packet that is refused costs next to nothing.
struct SoundGate: Sendable {
  enum Verdict {
    case passes(VoiceLine)
    /// A still, and the instant of the sound that belongs to it.
    case shows(JPEGStill, at: MonotonicTime)
    case dropped
    /// The page is told; the packet is dropped.
    case refused(ErrorCode)
    /// The connection sends so much that it cannot be a page.
    case closes
  }

  /// The time between two errors of one kind.
  private static let pause = Duration.seconds(1)

  /// Whether the page is a member. The packets of a page that is none yet are dropped, and nobody is told.
  var isWelcome = false
  /// Nil where the member has no voice.
  var line: VoiceLine?
  /// 100 packets a second, and those that an outage of three seconds has held back.
  private var allowance = Allowance(burst: 300, perSecond: 110)
  /// The pieces of five stills a second, and those stills.
  private var pieces = Allowance(burst: 350, perSecond: 350)
  private var stills = Allowance(burst: 3, perSecond: 5)
  private var assembly = PictureAssembly()
  private var times = SoundTimes()
  private var limit = Allowance(burst: 3000, perSecond: 1000)
  private var told: [ErrorCode: MonotonicTime] = [:]

  mutating func verdict(on packet: [UInt8], at now: MonotonicTime) -> Verdict {
    guard limit.take(at: now) else { return .closes }
    guard isWelcome else { return .dropped }
    guard let line, line.maySpeak else { return refusal(.notAllowed, now) }
    if PicturePiece.isPicture(packet) { return verdict(onPicture: packet, line, now) }
    guard allowance.take(at: now) else {
      line.drop()
      return .dropped
    }
    let time = packet.withUnsafeBytes { SoundPacket($0)?.sampleTime }
    guard let time else { return refusal(.badMessage, now) }
    times.note(sampleTime: time, length: Sound.frames, at: Self.samples(now))
    return .passes(line)
  }

  /// A picture of a member who is not shown is dropped without a word: the page may not know yet.
  private mutating func verdict(onPicture packet: [UInt8], _ line: VoiceLine, _ now: MonotonicTime) -> Verdict {
    guard let piece = PicturePiece(packet) else { return refusal(.badMessage, now) }
    guard pieces.take(at: now) else {
      assembly.giveUp()
      return .dropped
    }
    guard line.isShown else {
      // The place may go to this member.
      line.notePicture(at: now)
      assembly.giveUp()
      return .dropped
    }
    switch assembly.take(piece) {
    case .more: return .dropped
    case .fault: return refusal(.badMessage, now)
    case .still(let still, let sampleTime):
      line.notePicture(at: now)
      return stills.take(at: now) ? .shows(still, at: instant(of: sampleTime, line, now)) : .dropped
    }
  }

  /// The instant at which the sound of a picture is mixed. A picture without sound is of this moment.
  private func instant(of sampleTime: UInt64, _ line: VoiceLine, _ now: MonotonicTime) -> MonotonicTime {
    guard let earliest = times.instant(of: sampleTime) else { return now }
    let due = earliest + line.delayToMix - Self.samples(now)
    return now + .samples(min(max(due, -Self.longest), Self.longest), rate: Sound.rate)
  }

  /// A picture is at most so far from its sound: a minute.
  private static let longest = 60 * Sound.rate

  private static func samples(_ time: MonotonicTime) -> Int {
    let (seconds, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return seconds * Sound.rate + rest * 6 / 125_000
  }

  private mutating func refusal(_ code: ErrorCode, _ now: MonotonicTime) -> Verdict {
    if let last = told[code], now - last < Self.pause { return .dropped }
    told[code] = now
    return .refused(code)
  }
}
