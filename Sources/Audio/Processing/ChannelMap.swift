/// The channels of an input that are played: all of them, one or two that were chosen, or more than two mixed down to two.
package struct ChannelMap: Equatable, Sendable {
  private enum Method: Equatable, Sendable {
    case all
    /// From 0.
    case pick([Int])
    /// The share of each input channel on the left and on the right.
    case mix(left: [Double], right: [Double])
  }

  private let inputs: Int
  /// Channels that are played.
  package let outputs: Int
  private let method: Method

  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - speakers: the loudspeaker of each channel as a bit (dwChannelMask of WAVE_FORMAT_EXTENSIBLE); 0 where none is named.
  ///   - chosen: the channels to play, one or two, counted from 1; none plays all of them.
  package init(inputs: Int, speakers: Int = 0, chosen: [Int] = []) throws(SourceError) {
    let mask = speakers.nonzeroBitCount == inputs ? speakers : Self.usual[inputs] ?? 0
    try self.init(inputs: inputs, order: (0..<18).map { 1 << $0 }.filter { mask & $0 != 0 }, chosen: chosen)
  }

  /// - Parameters:
  ///   - order: the loudspeaker of each channel, as a bit of dwChannelMask; channels without one come last.
  ///   - chosen: as above.
  init(inputs: Int, order: [Int], chosen: [Int]) throws(SourceError) {
    self.inputs = inputs
    if !chosen.isEmpty {
      guard chosen.max()! <= inputs else {
        throw .unusable("it has \(inputs == 1 ? "1 channel" : "\(inputs) channels"), and no channel \(chosen.max()!)")
      }
      outputs = chosen.count
      method = chosen == Array(1...inputs) ? .all : .pick(chosen.map { $0 - 1 })
    } else if inputs <= 2 {
      (outputs, method) = (inputs, .all)
    } else {
      let mixed = Self.shares(inputs, order[...])
      (outputs, method) = (2, .mix(left: mixed.left, right: mixed.right))
    }
  }

  /// Whether every channel is played as it is.
  package var isAll: Bool { method == .all }

  /// Whether several channels are mixed.
  package var isMix: Bool { if case .mix = method { true } else { false } }

  /// One line for operators where channels are mixed; nil otherwise.
  var remark: String? {
    isMix ? "its \(inputs) channels are mixed down to 2: --input-channels chooses one or two of them" : nil
  }

  /// The channels that are played, of interleaved frames.
  package func apply(_ frames: [Int32]) -> [Int32] {
    switch method {
    case .all: return frames
    case .pick(let picked):
      var played: [Int32] = []
      played.reserveCapacity(frames.count / inputs * outputs)
      for frame in stride(from: 0, to: frames.count, by: inputs) {
        for channel in picked { played.append(frames[frame + channel]) }
      }
      return played
    case .mix(let left, let right):
      var played: [Int32] = []
      played.reserveCapacity(frames.count / inputs * 2)
      for frame in stride(from: 0, to: frames.count, by: inputs) {
        for shares in [left, right] {
          var sum = 0.0
          for channel in 0..<inputs { sum += Double(frames[frame + channel]) * shares[channel] }
          played.append(Int32(exactly: sum.rounded()) ?? (sum < 0 ? .min : .max))
        }
      }
      return played
    }
  }

  /// The loudspeakers of the usual numbers of channels, where a file names none.
  private static let usual = [3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3F, 7: 0x70F, 8: 0x63F]
  /// The loudspeakers on the left, on the right and in the middle, as bits: front, back, front beside the middle, side, top.
  private static let lefts = 0x1 | 0x10 | 0x40 | 0x200 | 0x1000 | 0x8000
  private static let rights = 0x2 | 0x20 | 0x80 | 0x400 | 0x4000 | 0x2_0000
  private static let fronts = 0x1 | 0x2 | 0x40 | 0x80
  private static let lowFrequency = 0x8

  /// The middle and all that is not in front are 3 dB quieter (ITU-R BS.775 §3). No sum of samples exceeds full scale. A
  /// channel without a loudspeaker is on the left or on the right in turn.
  private static func shares(_ inputs: Int, _ order: ArraySlice<Int>) -> (left: [Double], right: [Double]) {
    var bits = order
    let down = 0.5.squareRoot()
    var (left, right): ([Double], [Double]) = ([], [])
    for channel in 0..<inputs {
      let speaker = bits.popFirst() ?? (channel % 2 == 0 ? 0x1 : 0x2)
      let share = speaker == lowFrequency ? 0 : fronts & speaker != 0 ? 1 : down
      left.append(rights & speaker != 0 ? 0 : share)
      right.append(lefts & speaker != 0 ? 0 : share)
    }
    let most = max(left.reduce(0, +), right.reduce(0, +), 1)
    return (left.map { $0 / most }, right.map { $0 / most })
  }
}
