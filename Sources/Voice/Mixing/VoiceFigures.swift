/// The state of one member's voice, and the counts since the voice began.
package struct VoiceFigures: Equatable, Sendable {
  /// RMS of the last 200 ms in dBFS, from -120 to 0, before the gain.
  package var level = -120.0
  /// Whether the member talks, with hysteresis.
  package var isTalking = false
  /// Whether packets arrive.
  package var isArriving = false
  /// Samples of 48 kHz between the arrival of a packet on a good day and its mixing.
  package var delay = 0
  /// The delay that the jitter buffer aims at, in samples.
  package var target = 0
  /// The gain that is applied, in dB.
  package var gain = 0.0
  /// Times when the jitter buffer ran empty while the member talked.
  package var underruns = 0
  /// Packets that came after their turn, or a second time.
  package var late = 0
  /// Packets that never came.
  package var lost = 0
  /// Packets that were thrown away because the sound had become old.
  package var dropped = 0
  /// Pieces of 10 ms that were made up.
  package var concealed = 0
  /// How much faster the talker's clock runs than the mixer's, in millionths.
  package var drift = 0.0
  /// Whether the member's microphone repeats the mix that the member is sent.
  package var hasEcho = false

  package init() {}
}
