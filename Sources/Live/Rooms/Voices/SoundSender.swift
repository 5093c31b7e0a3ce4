import Core
import Rooms
import Synchronization
import System
import Voice

/// The thread `voices`: gives the mixer's packets to the WebSockets, and tells the rooms who speaks.
///
/// Unchecked: everything but the inbox, the figures and the mixer's ring belongs to the thread.
final class SoundSender: @unchecked Sendable {
  private struct Inbox: Sendable {
    var rooms: [RoomName: [VoiceRow]] = [:]
    var isEnd = false
  }

  /// A voice, and what the rooms have been told of it.
  private struct Told {
    let line: VoiceLine
    var settings: VoiceSettings
    var figures = VoiceFigures()
    var isTalking = false
    var hasEcho = false
    var sendsPictures = false

    /// From the microphone to the mix: the page's part and that of the jitter buffer.
    var delay: Duration {
      .milliseconds(line.delayToServer) + .samples(max(0, figures.delay), rate: Sound.rate)
    }
  }

  private let mixer: MixerThread
  private let inbox = Mutex(Inbox())
  private let shown = Mutex(VoicesSnapshot())
  private let tell = Mutex<(@Sendable (RoomsInput) -> Void)?>(nil)
  private let ended = Semaphore()
  private var voices: [Int: Told] = [:]
  private var isEnd = false

  init(_ mixer: MixerThread) {
    self.mixer = mixer
  }

  func start() {
    NamedThread(name: "voices") { self.run() }.detach()
  }

  /// - Parameter rooms: called on the thread; it must not wait.
  func report(to rooms: @escaping @Sendable (RoomsInput) -> Void) {
    tell.withLock { $0 = rooms }
  }

  /// Ends the thread. Call it after the end of the mixer.
  func stop() {
    post { $0.isEnd = true }
    ended.wait(atMost: .milliseconds(200))
  }

  /// Replaces the voices of a room; returns at once.
  func update(_ room: RoomName, _ rows: [VoiceRow]) {
    post { $0.rooms[room] = rows }
  }

  /// The voices as they were at most a fifth of a second ago.
  var snapshot: VoicesSnapshot {
    var snapshot = shown.withLock { $0 }
    (snapshot.lateTicks, snapshot.skippedTicks) = mixer.ticks
    return snapshot
  }

  private func post(_ change: (inout Inbox) -> Void) {
    inbox.withLock { change(&$0) }
    mixer.hasSent.post()
  }

  private func run() {
    while !isEnd {
      mixer.hasSent.wait()
      while mixer.hasSent.take() {}
      takeChanges()
      while mixer.sent.pop({ bytes, kind, connection in handle(bytes, kind, connection) }) {}
    }
    ended.post()
  }

  private func takeChanges() {
    let changes = inbox.withLock { inbox in
      defer { inbox = Inbox() }
      return inbox
    }
    for (room, rows) in changes.rooms {
      let old = voices.filter { $0.value.line.room == room }
      for connection in old.keys { voices[connection] = nil }
      for row in rows {
        let connection = row.line.connection.number
        var told = old[connection] ?? Told(line: row.line, settings: row.settings)
        told.settings = row.settings
        voices[connection] = told
      }
    }
    if !changes.rooms.isEmpty { show() }
    isEnd = changes.isEnd
  }

  private func handle(_ bytes: UnsafeRawBufferPointer, _ kind: UInt32, _ connection: Int) {
    switch kind {
    case SentSound.packet: voices[connection]?.line.send(bytes)
    case SentSound.figures:
      let figures = bytes.loadUnaligned(as: VoiceFigures.self)
      voices[connection]?.figures = figures
      voices[connection]?.line.note(delayToMix: figures.isArriving ? figures.delay : 0)
    default:
      tellRooms()
      show()
    }
  }

  // Reports

  private func tellRooms() {
    guard let tell = tell.withLock({ $0 }) else { return }
    var reports: [RoomName: [VoiceReport]] = [:]
    let now = MonotonicTime.now
    for (connection, told) in voices {
      let (line, figures) = (told.line, told.figures)
      let sendsPictures = line.sendsPictures(at: now)
      if sendsPictures != told.sendsPictures {
        voices[connection]?.sendsPictures = sendsPictures
        tell(.pictures(line.room, line.connection, sendsPictures))
      }
      if figures.isTalking != told.isTalking {
        voices[connection]?.isTalking = figures.isTalking
        tell(.talking(line.room, line.member, figures.isTalking))
      }
      if figures.hasEcho, !told.hasEcho { tell(.echo(line.room, line.member)) }
      voices[connection]?.hasEcho = figures.hasEcho
      guard told.settings.maySpeak, !told.settings.isMuted, figures.isArriving else { continue }
      reports[line.room, default: []].append(
        VoiceReport(member: line.member, level: Int(figures.level.rounded()), delay: told.delay.milliseconds))
    }
    for (room, reports) in reports { tell(.heard(room, reports.sorted { $0.member.number < $1.member.number })) }
  }

  private func show() {
    var snapshot = VoicesSnapshot()
    for told in voices.values {
      snapshot.members[told.line.room, default: 0] += 1
      guard told.settings.maySpeak else { continue }
      snapshot.talkers.append(
        VoicesSnapshot.Talker(
          room: told.line.room, member: told.line.member, figures: told.figures,
          delay: told.figures.isArriving ? told.delay : nil,
          lost: told.line.dropped))
    }
    snapshot.talkers.sort { ($0.room.text, $0.member.number) < ($1.room.text, $1.member.number) }
    shown.withLock { $0 = snapshot }
  }
}
