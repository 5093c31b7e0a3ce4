/// Everything that the mixer needs to know of one member: a row of `RoomsAction.voices`.
package struct VoiceState: Equatable, Sendable {
  package let member: MemberID
  /// A WebSocket on which the page has said hello. It is another one after a reconnect.
  package let connection: ConnectionID
  /// The form of the sound that the member is sent; nil for a member who is sent none.
  package var form: SoundForm?
  /// Whether the role and the hosts let the member speak.
  package var maySpeak: Bool
  package var isMuted: Bool
  /// Whether the voice is a part of the air mix. A member on the air may be muted.
  package var isOnAir: Bool
  /// Whether the streams of the room show the pictures of this member. One member of a room is shown at a time.
  package var isShown: Bool
  package var hearsProgramme: Bool
  package var ridesGain: Bool
  /// Milliseconds from the microphone to the server, as the page measures: capture and half a round trip.
  package var uplinkDelay: Int
  /// Milliseconds from the server to the loudspeaker, as the page measures: half a round trip and playback.
  package var downlinkDelay: Int

  package init(
    member: MemberID, connection: ConnectionID, form: SoundForm? = nil, maySpeak: Bool = true, isMuted: Bool = false
  ) {
    self.member = member
    self.connection = connection
    self.form = form
    self.maySpeak = maySpeak
    self.isMuted = isMuted
    isOnAir = false
    isShown = false
    hearsProgramme = false
    ridesGain = true
    (uplinkDelay, downlinkDelay) = (0, 0)
  }

  /// Whether everything but the delays is the same.
  func isSame(as other: VoiceState) -> Bool {
    var other = other
    (other.uplinkDelay, other.downlinkDelay) = (uplinkDelay, downlinkDelay)
    return self == other
  }
}
