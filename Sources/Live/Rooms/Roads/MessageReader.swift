import Rooms
import System

/// Reads the messages of pages, on the threads of the loops.
struct MessageReader: Sendable {
  private let limits: RoomsLimits
  private let access: RoomAccess

  init(_ limits: RoomsLimits, access: RoomAccess) {
    (self.limits, self.access) = (limits, access)
  }

  /// Bytes of a message.
  var longest: Int { limits.messageBytes }

  /// The messages that a connection may send before they are even read. The rooms refuse the excess of much less with an
  /// error; a connection that goes on all the same is closed.
  var allowance: Allowance { Allowance(burst: 20 * limits.rate, perSecond: 2 * limits.rate) }

  /// A message as the rooms take it, with the rights that its token shows.
  func input(_ text: [UInt8], of connection: ConnectionID, in room: RoomName) -> RoomsInput {
    do throws(RoomError) {
      let message = try ClientMessage(text, longest: limits.messageBytes)
      guard case .hello(let hello) = message, let token = hello.token else { return .message(connection, message) }
      return .message(connection, message, access.credentials(ofToken: token, for: room))
    } catch {
      return .unreadable(connection, error)
    }
  }

  /// Whether a text is a hello, which needs no session.
  func isHello(_ input: RoomsInput) -> Bool {
    if case .message(_, .hello, _) = input { true } else { false }
  }
}
