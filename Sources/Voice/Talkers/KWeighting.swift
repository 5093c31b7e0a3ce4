/// The filter of loudness measurement for two channels at 48 kHz (ITU-R BS.1770-4 Annex 1, tables 1 and 2).
struct KWeighting {
  private typealias Pair = SIMD2<Double>

  /// A second-order section in the transposed direct form II.
  private struct Section {
    let b0, b1, b2, a1, a2: Double
    var first = Pair.zero
    var second = Pair.zero

    @inline(__always) mutating func filter(_ input: Pair) -> Pair {
      let output = input * b0 + first
      first = input * b1 - output * a1 + second
      second = input * b2 - output * a2
      return output
    }
  }

  private var shelf = Section(
    b0: 1.53512485958697, b1: -2.69169618940638, b2: 1.19839281085285, a1: -1.69065929318241, a2: 0.73248077421585)
  private var highPass = Section(b0: 1, b1: -2, b2: 1, a1: -1.99004745483398, a2: 0.99007225036621)

  /// Forgets the sound so far.
  mutating func reset() {
    (shelf.first, shelf.second) = (.zero, .zero)
    (highPass.first, highPass.second) = (.zero, .zero)
  }

  /// Takes 480 samples of each channel.
  /// - Returns: the mean square of the weighted samples, of both channels together.
  mutating func power(_ left: Block, _ right: Block) -> Double {
    var (shelf, highPass, sum) = (shelf, highPass, Pair.zero)
    for index in 0..<Sound.frames {
      let weighted = highPass.filter(shelf.filter(Pair(Double(left.samples[index]), Double(right.samples[index]))))
      sum += weighted * weighted
    }
    (self.shelf, self.highPass) = (shelf, highPass)
    return sum.sum() / Double(Sound.frames)
  }
}
