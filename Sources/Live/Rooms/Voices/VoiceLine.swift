import HTTP
import Rooms
import Synchronization
import System

/// The sound of one member's connection: from the page to the mixer, and from the mixer to the page.
///
/// The loop of the connection gives packets, the mixer takes them; the thread `voices` sends. The rooms' thread says what the
/// member may do.
final class VoiceLine: Sendable {
  /// A listener that takes sound too slowly gets new sound and loses old sound: at most 60 ms wait.
  static let kind = WebSocketMessageKind(number: 2, overflow: .dropOldest, mostWaiting: 6)
  /// More than two seconds of PCM with one channel.
  private static let uplinkBytes = 1 << 18
  /// Some 60 ms of sound in each form, which may lie in the kernel unsent.
  private static let (unsentPCM, unsentOpus) = (5900, 600)

  let room: RoomName
  let member: MemberID
  let connection: ConnectionID
  /// The packets of the page; the tag of each is the instant of its arrival in nanoseconds.
  let uplink = SoundRing(capacity: uplinkBytes)
  private let webSocket: WebSocket
  private let mayPass = Atomic(false)
  private let shows = Atomic(false)
  private let mixDelay = Atomic(0)
  private let uplinkDelay = Atomic(0)
  private let lost = Atomic(0)
  /// The instant of the latest picture, nanoseconds.
  private let picturedAt = Atomic(Int.min)
  private let form = Mutex<SoundForm?>(nil)

  init(room: RoomName, member: MemberID, connection: ConnectionID, _ webSocket: WebSocket) {
    (self.room, self.member, self.connection) = (room, member, connection)
    self.webSocket = webSocket
  }

  // The rooms' side

  /// Takes over what the rooms say about the member.
  func update(_ state: VoiceState) {
    mayPass.store(state.maySpeak, ordering: .releasing)
    shows.store(state.isShown, ordering: .releasing)
    uplinkDelay.store(state.uplinkDelay, ordering: .relaxed)
    let isNew = form.withLock { form in
      defer { form = state.form }
      return form != state.form
    }
    guard isNew, let form = state.form else { return }
    webSocket.limitUnsent(to: form == .pcm16 ? Self.unsentPCM : Self.unsentOpus)
  }

  /// The member is no longer one of the room's voices.
  func end() {
    mayPass.store(false, ordering: .releasing)
    shows.store(false, ordering: .releasing)
  }

  // The page's side

  /// Whether the member may speak.
  var maySpeak: Bool { mayPass.load(ordering: .acquiring) }

  /// Whether the streams of the room show the member's pictures.
  var isShown: Bool { shows.load(ordering: .acquiring) }

  /// Samples of 48 kHz from the arrival of a packet on a good day to its mixing.
  var delayToMix: Int { mixDelay.load(ordering: .relaxed) }

  /// Gives a packet of the page to the mixer.
  func receive(_ packet: [UInt8], at now: MonotonicTime) {
    let isTaken = packet.withUnsafeBytes { uplink.push($0, tag: now.nanoseconds) }
    if !isTaken { drop() }
  }

  /// Counts a packet that was dropped before the mixer had it.
  func drop() {
    lost.add(1, ordering: .relaxed)
  }

  /// Notes that the page sends pictures.
  func notePicture(at now: MonotonicTime) {
    picturedAt.store(now.nanoseconds, ordering: .relaxed)
  }

  /// A page sends one picture a second at least. A player shows no picture for longer.
  private static let picturePatience = Duration.seconds(5)

  /// Whether the page sends pictures at present.
  func sendsPictures(at now: MonotonicTime) -> Bool {
    let latest = picturedAt.load(ordering: .relaxed)
    return latest != .min && now - MonotonicTime(nanoseconds: latest) < Self.picturePatience
  }

  // The mixer's side

  /// Notes the delay of the mix, in samples of 48 kHz.
  func note(delayToMix: Int) {
    mixDelay.store(delayToMix, ordering: .relaxed)
  }

  /// Sends a packet to the page; returns at once.
  func send(_ packet: UnsafeRawBufferPointer) {
    webSocket.send(.binary(packet), kind: Self.kind)
  }

  /// Milliseconds from the microphone to the server, as the page measures.
  var delayToServer: Int { uplinkDelay.load(ordering: .relaxed) }

  /// Packets that were dropped before the mixer had them.
  var dropped: Int { lost.load(ordering: .relaxed) }
}
