import HTTP
import Pictures
import Rooms
import Synchronization
import System
import Voice

/// The road of a member whose page has a WebSocket, and what the member says there.
final class RoomSocket: WebSocketHandler, MemberRoad {
  private let webSocket: WebSocket
  private let connection: ConnectionID
  private let room: RoomName
  private let reader: MessageReader
  private let service: RoomsService
  private let allowance: Mutex<Allowance>
  private let sound = Mutex(SoundGate())

  init(
    _ webSocket: WebSocket, _ connection: ConnectionID, to room: RoomName, reader: MessageReader, service: RoomsService
  ) {
    (self.webSocket, self.connection, self.room) = (webSocket, connection, room)
    (self.reader, self.service) = (reader, service)
    allowance = Mutex(reader.allowance)
  }

  /// The limits of a room's WebSocket.
  /// - Parameter messageLimit: bytes of a message of the page.
  static func settings(messageLimit: Int) -> WebSocketSettings {
    WebSocketSettings(
      messageLimit: max(messageLimit, SoundPacket.longest),
      backlog: WebSocketSettings.Limits(messages: 1024, bytes: longestBacklog),
      slownessCode: RoomCloseCode.tooFast.webSocketCode)
  }

  /// A welcome with the whole history of a room has room in the backlog: the chat and as many bytes of other messages,
  /// each character escaped, and the members.
  private static let longestBacklog = 4 * RoomsLimits.historyBytes + (1 << 20)

  // The page's side

  func received(_ message: WebSocketMessage) {
    switch message {
    case .text(let text):
      // Before any other work: a page that sends without a pause costs nothing but the reading.
      guard allowance.withLock({ $0.take(at: .now) }) else { return closeFlood() }
      service.post(.input(reader.input(Array(text.utf8), of: connection, in: room)))
    case .binary(let packet): received(packet, at: .now)
    }
  }

  /// Sound goes straight to the mixer.
  private func received(_ packet: [UInt8], at now: MonotonicTime) {
    switch sound.withLock({ $0.verdict(on: packet, at: now) }) {
    case .passes(let line): line.receive(packet, at: now)
    case .shows(let still, let moment): service.show(still, at: moment, in: room)
    case .dropped: break
    case .refused(let code): send(RoadMessage(ServerMessage.error(RoomError(code)).text))
    case .closes: closeFlood()
    }
  }

  private func closeFlood() {
    close(.tooFast, reason: "too many messages in a short time")
  }

  func closed(_ code: WebSocketCloseCode, reason: String) {
    service.post(.input(.disconnected(connection)))
  }

  // The rooms' side

  func send(_ message: RoadMessage) {
    message.send(to: webSocket)
  }

  /// The page is a member from now on.
  func welcome() {
    sound.withLock { $0.isWelcome = true }
  }

  /// The line of the member's sound, with what the rooms say about the member.
  func line(of voice: VoiceState, in room: RoomName) -> VoiceLine {
    sound.withLock { gate in
      let line =
        gate.line ?? VoiceLine(room: room, member: voice.member, connection: connection, webSocket)
      gate.line = line
      line.update(voice)
      return line
    }
  }

  func close(_ code: RoomCloseCode, reason: String) {
    webSocket.close(code.webSocketCode, reason: reason)
  }
}
