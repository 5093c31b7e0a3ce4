import Core

/// Notices that nobody of a room is on the air any more, and that somebody is again. A pause of the sound is no loss: the
/// network of a talker may stand still for a moment. Time is a count of PCM frames.
struct AirWatch: Sendable {
  enum Change: Equatable, Sendable {
    case lost
    /// - Parameter frames: without sound from the room, with the pause before the loss was noticed.
    case back(frames: Int)
  }

  /// The pause after which the sound of a room counts as lost.
  static let patience = Duration.seconds(1)

  private let limit: Int
  private(set) var isLost = true
  /// Frames since the last sound.
  private var missing = 0

  /// Nobody is on the air at first.
  init(rate: Int) {
    limit = Self.patience.samples(rate: rate)
  }

  mutating func observe(isOn: Bool, frames: Int) -> Change? {
    guard isOn else {
      missing += frames
      guard !isLost, missing >= limit else { return nil }
      isLost = true
      return .lost
    }
    defer { (missing, isLost) = (0, false) }
    return isLost ? .back(frames: missing) : nil
  }
}
