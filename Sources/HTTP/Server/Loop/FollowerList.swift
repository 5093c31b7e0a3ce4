/// The lists of followers of a loop.
enum FollowerList: Equatable {
  /// Requests that the handler holds.
  case held
  /// Requests that the handler holds for a channel.
  case heldFor(Int)
  /// Answers of a channel that are sent each chunk.
  case chunks(Int)
  /// Answers of a channel that are sent each frame.
  case everyFrame(Int)
  /// Endless answers of a channel.
  case endless(Int)

  var index: Int {
    switch self {
    case .held: 0
    case .chunks(let channel): 1 + 4 * channel
    case .everyFrame(let channel): 2 + 4 * channel
    case .endless(let channel): 3 + 4 * channel
    case .heldFor(let channel): 4 + 4 * channel
    }
  }

  static func count(channels: Int) -> Int { 1 + 4 * channels }
}
