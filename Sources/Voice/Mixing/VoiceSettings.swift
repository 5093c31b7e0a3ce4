/// The part that a member has in the sound of a room.
package struct VoiceSettings: Equatable, Sendable {
  package let member: Int
  /// The form of the packets that the member is sent; nil sends none.
  package var form: SoundCodec?
  package var maySpeak: Bool
  package var isMuted: Bool
  package var isOnAir: Bool
  /// Whether the programme is in the member's mix.
  package var hearsProgramme: Bool
  /// Whether the gain of the member's voice is steered towards -20 LUFS.
  package var ridesGain: Bool

  package init(
    member: Int, form: SoundCodec?, maySpeak: Bool = true, isMuted: Bool = false, isOnAir: Bool = false,
    hearsProgramme: Bool = false, ridesGain: Bool = true
  ) {
    (self.member, self.form, self.maySpeak, self.isMuted) = (member, form, maySpeak, isMuted)
    (self.isOnAir, self.hearsProgramme, self.ridesGain) = (isOnAir, hearsProgramme, ridesGain)
  }

  /// Whether the member's voice is mixed.
  var speaks: Bool { maySpeak && !isMuted }
}
