/// The form of the sound that the server sends to a member.
package enum SoundForm: String, CaseIterable, Sendable {
  /// PCM, 16 bits a sample, little-endian, 48 kHz.
  case pcm16
  /// Opus, 48 kHz.
  case opus

  /// The word in messages for no sound.
  static let none = "none"

  /// Reads `pcm16`, `opus` or `none`, which gives nil.
  /// - Throws: `badMessage` for anything else.
  static func read(_ text: String) throws(RoomError) -> SoundForm? {
    if text == none { return nil }
    guard let form = SoundForm(rawValue: text) else {
      throw RoomError(.badMessage, "The form of the sound must be pcm16, opus or none.")
    }
    return form
  }
}

extension SoundForm? {
  /// The word in messages.
  var text: String { self?.rawValue ?? SoundForm.none }
}
