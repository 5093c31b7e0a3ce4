/// The settings of one member's voice and of the sound that the member hears.
struct MemberVoice: Equatable, Sendable {
  /// Whether the page has said hello on a WebSocket: no other road carries sound.
  var hasRoad = false
  /// The form that the page has asked for.
  var form: SoundForm?
  /// Whether the programme of the stream is in the member's mix.
  var hearsProgramme = false
  var ridesGain = true
  var delays = PageDelays()
  /// Whether the page sends pictures, as the server's sockets see.
  var sendsPictures = false
  /// The time of the last `echo` about this member.
  var echoTold: Duration?

  /// The form that the server sends; nil for none.
  var sentForm: SoundForm? { hasRoad ? form : nil }

  /// A page has said hello. A page begins without the programme.
  mutating func begin(_ road: Road, _ form: SoundForm?) {
    hasRoad = road.carriesSound
    self.form = form
    hearsProgramme = false
    delays = PageDelays()
    sendsPictures = false
  }
}
