import Core

/// The order in which the files of a list are played, round after round.
package struct PlayOrder: Sendable {
  /// Nil plays the files in their own order.
  private var random: RandomNumbers?
  /// The last file of the round before.
  private var last: String?

  /// - Parameter seed: of the random order; nil is the files' own order.
  package init(shuffleSeed seed: UInt64?) {
    random = seed.map { RandomNumbers(seed: $0) }
  }

  /// The files of the next round, each once. In a random order, the first file is not the last one of the round before,
  /// where there is another.
  /// - Parameter files: as they are in the folder or in the playlist.
  package mutating func round(of files: [ListedFile]) -> [ListedFile] {
    guard random != nil else { return files }
    var round = files.shuffled(using: &random!)
    if round.first?.path == last,
      let other = round.indices.filter({ round[$0].path != last }).randomElement(using: &random!)
    {
      round.swapAt(0, other)
    }
    last = round.last?.path
    return round
  }
}
