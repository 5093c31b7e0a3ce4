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
  private let uplinkDelay = Atomic(0)
  private let lost = Atomic(0)
  private let form = Mutex<SoundForm?>(nil)

  init(room: RoomName, member: MemberID, connection: ConnectionID, _ webSocket: WebSocket) {
    (self.room, self.member, self.connection) = (room, member, connection)
    self.webSocket = webSocket
  }

  // The rooms' side

  /// Takes over what the rooms say about the member.
  func update(_ state: VoiceState) {
    mayPass.store(state.maySpeak, ordering: .releasing)
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
  }

  // The page's side

  /// Whether the member may speak.
  var maySpeak: Bool { mayPass.load(ordering: .acquiring) }

  /// Gives a packet of the page to the mixer.
  func receive(_ packet: [UInt8], at now: MonotonicTime) {
    let isTaken = packet.withUnsafeBytes { uplink.push($0, tag: now.nanoseconds) }
    if !isTaken { drop() }
  }

  /// Counts a packet that was dropped before the mixer had it.
  func drop() {
    lost.add(1, ordering: .relaxed)
  }

  // The mixer's side

  /// Sends a packet to the page; returns at once.
  func send(_ packet: UnsafeRawBufferPointer) {
    webSocket.send(.binary(packet), kind: Self.kind)
  }

  /// Milliseconds from the microphone to the server, as the page measures.
  var delayToServer: Int { uplinkDelay.load(ordering: .relaxed) }

  /// Packets that were dropped before the mixer had them.
  var dropped: Int { lost.load(ordering: .relaxed) }
}
