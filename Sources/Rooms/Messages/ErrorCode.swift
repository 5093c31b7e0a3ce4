/// The reasons for which the server refuses a message or a page.
package enum ErrorCode: String, CaseIterable, Sendable {
  case badMessage = "bad_message"
  case unknownType = "unknown_type"
  case tooLong = "too_long"
  case tooFast = "too_fast"
  case notAdmitted = "not_admitted"
  case wrongToken = "wrong_token"
  case expiredInvite = "expired_invite"
  case forgedInvite = "forged_invite"
  case banned
  case locked
  case full
  case tooManyRooms = "too_many_rooms"
  case nameTaken = "name_taken"
  case badName = "bad_name"
  case notAllowed = "not_allowed"
  case noSuchMember = "no_such_member"
  case noSuchMessage = "no_such_message"
  case noSuchPoll = "no_such_poll"
  case noCalls = "no_calls"
  case callFull = "call_full"
  case noStream = "no_stream"
  case closed

  /// The sentence for people, where nothing more exact is known.
  package var sentence: String {
    switch self {
    case .badMessage: "The message has not the form that its type needs."
    case .unknownType: "The server does not know a message of this type."
    case .tooLong: "The message is too long."
    case .tooFast: "Too many messages came in a short time. The server has dropped this message."
    case .notAdmitted: "This room needs an invite."
    case .wrongToken: "The token is wrong."
    case .expiredInvite: "The invite has expired."
    case .forgedInvite: "The invite is not one of this server."
    case .banned: "A host has banned you from this room."
    case .locked: "The room is locked: nobody else may enter."
    case .full: "The room is full."
    case .tooManyRooms: "The server has no place for another room."
    case .nameTaken: "Another member has this name."
    case .badName: "A name has 1 to 32 characters, and no control or direction characters."
    case .notAllowed: "Your role does not allow this."
    case .noSuchMember: "No member of this room has this id."
    case .noSuchMessage: "The room does not have this message."
    case .noSuchPoll: "The room does not have this poll."
    case .noCalls: "This server has no calls."
    case .callFull: "The call has four members already."
    case .noStream: "The room is not the source of a stream."
    case .closed: "The room or the poll is closed."
    }
  }

  /// The code of the close that follows, where the refused message was to enter the room; nil where the page may try again.
  package var closeCode: RoomCloseCode? {
    switch self {
    case .notAdmitted, .wrongToken, .expiredInvite, .forgedInvite, .locked: .notAdmitted
    case .banned: .banned
    case .full, .tooManyRooms: .full
    case .closed: .roomClosed
    default: nil
    }
  }

  /// The status of the answer where the message came as an HTTP request (RFC 9110 §15.5).
  package var status: Int {
    switch self {
    case .badMessage, .unknownType, .badName: 400
    case .wrongToken: 401
    case .notAdmitted, .expiredInvite, .forgedInvite, .banned, .locked, .notAllowed: 403
    case .noSuchMember, .noSuchMessage, .noSuchPoll, .noCalls, .noStream: 404
    case .nameTaken, .callFull, .closed: 409
    case .tooLong: 413
    case .tooFast: 429
    case .full, .tooManyRooms: 503
    }
  }
}
