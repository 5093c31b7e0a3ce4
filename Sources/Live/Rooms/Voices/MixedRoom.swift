import Rooms
import System
import Voice

/// One room on the mixer's thread: its mixer, the lines of its members, and the streams that take its sound.
final class MixedRoom {
  let name: RoomName
  private let mixer = RoomMixer()
  private var voices: [VoiceSettings] = []
  private var lines: [VoiceLine] = []
  /// Of the streams whose source is the room.
  private var feeds: [AirFeed] = []
  private var ducking = Ducking(floor: 1, rate: Sound.rate)
  /// The programme of the first stream that has one: one tick, as loud as it is heard.
  private let programme: UnsafeMutablePointer<Float>

  init(_ name: RoomName) {
    self.name = name
    programme = .allocate(capacity: AirFeed.samples)
    programme.initialize(repeating: 0, count: AirFeed.samples)
  }

  deinit {
    programme.deallocate()
  }

  /// Whether somebody, or a stream, gets the room's sound.
  var isHeard: Bool { !feeds.isEmpty || voices.contains { $0.form != nil } }

  /// Whether the room has neither a voice nor a stream.
  var isOver: Bool { feeds.isEmpty && lines.isEmpty }

  /// Replaces the voices. It may allocate memory.
  func update(_ rows: [VoiceRow]) {
    lines = rows.map(\.line)
    let voices = rows.map(\.settings)
    guard voices != self.voices else { return }
    self.voices = voices
    mixer.update(voices)
  }

  /// Replaces the feeds. It may allocate memory.
  func update(feeds: [AirFeed]) {
    if feeds.first !== self.feeds.first {
      ducking = Ducking(floor: feeds.first?.programmeFloor ?? 1, rate: Sound.rate)
    }
    self.feeds = feeds
  }

  /// Throws the packets away that came while nobody heard the room.
  func dropWaiting() {
    for line in lines { while line.uplink.pop({ _, _, _ in }) {} }
  }

  /// Mixes the next ten milliseconds: no memory is allocated, and nothing waits.
  /// - Parameters:
  ///   - number: of the tick.
  ///   - sent: takes the packets for the members.
  func tick(_ number: Int, at now: MonotonicTime, sent: SoundRing) {
    for line in lines { take(line) }
    let programme = nextProgramme()
    mixer.tick(at: now, programme: programme, underAir: programme) { connection, packet in
      _ = sent.push(packet, kind: SentSound.packet, tag: connection)
    }
    if feeds.isEmpty { return }
    let tick = AirFeed.Tick(number: number, isOn: mixer.airIsOn)
    for feed in feeds { feed.put(mixer.airMix.baseAddress!, tick) }
  }

  /// Tells the figures of each voice.
  func report(_ sent: SoundRing) {
    for line in lines {
      guard var figures = mixer.figures(of: line.connection.number) else { continue }
      withUnsafeBytes(of: &figures) { _ = sent.push($0, kind: SentSound.figures, tag: line.connection.number) }
    }
  }

  private func take(_ line: VoiceLine) {
    while line.uplink.pop({ packet, _, arrival in
      mixer.receive(
        member: line.connection.number, packet: packet, at: MonotonicTime(nanoseconds: arrival))
    }) {}
  }

  /// The programme of this tick; nil where there is none.
  private func nextProgramme() -> UnsafePointer<Float>? {
    guard let feed = feeds.first, feed.takeProgramme(into: programme) else { return nil }
    let hasVoice = feed.programmeFloor == 0 ? mixer.airIsOn : mixer.airIsTalking
    ducking.observe(hasVoice: hasVoice, frames: Sound.frames)
    for frame in 0..<Sound.frames {
      let gain = ducking.next()
      programme[2 * frame] *= gain
      programme[2 * frame + 1] *= gain
    }
    return UnsafePointer(programme)
  }
}

/// One member's voice, as the mixer's thread takes it over. The connection's number is the number of the voice: a member who
/// comes back on another connection begins anew.
struct VoiceRow: Sendable {
  let settings: VoiceSettings
  let line: VoiceLine
}

/// The kinds of records on the way from the mixer to the thread that sends.
enum SentSound {
  /// A packet for a connection.
  static let packet: UInt32 = 0
  /// The figures of a connection's voice.
  static let figures: UInt32 = 1
  /// All figures have been told.
  static let end: UInt32 = 2
}
