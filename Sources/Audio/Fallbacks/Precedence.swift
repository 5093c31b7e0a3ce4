/// Decides which of several sounds is heard: the first of them that has sound. Another one takes over at once where the one
/// that is heard has no sound any more, and a better one when it has had sound for a while. It has no clock: time is a count
/// of frames.
package struct Precedence: Sendable {
  /// The sound that is heard, from 0, the best; nil where none has sound.
  package private(set) var heard: Int?
  /// Frames for which each sound has been there without a break.
  private var runs: [Int]
  private let patience: Int

  /// - Parameters:
  ///   - count: of the sounds.
  ///   - patience: the sound, in frames, after which a better sound takes over.
  package init(count: Int, patience: Int) {
    runs = [Int](repeating: 0, count: count)
    self.patience = patience
  }

  /// Decides for the frames that come next.
  /// - Parameters:
  ///   - hasSound: of each sound, the best first.
  ///   - frames: for which that holds.
  package mutating func choose(_ hasSound: [Bool], frames: Int) -> Int? {
    for index in runs.indices { runs[index] = hasSound[index] ? runs[index] + frames : 0 }
    if let now = heard, hasSound[now] {
      heard = runs[..<now].firstIndex { $0 > patience } ?? now
    } else {
      heard = hasSound.firstIndex(of: true)
    }
    return heard
  }
}
