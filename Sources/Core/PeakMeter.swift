/// Finds the peaks of sound as the sound goes by, slice by slice. Once made, the meter allocates no memory as long as the
/// levels are taken before `capacity` slices are there.
///
/// The slices may be those of another sample rate and of a later time than the sound: a live stream has a slice for each
/// encoded frame.
package struct PeakMeter: Sendable {
  private let channels: Int
  /// Samples per second of the sound that comes.
  private let inputRate: Int
  private let samplesPerSlice: Int
  private let sampleRate: Int
  private let delay: Int
  /// Frames of PCM until now.
  private var position = 0
  /// The slice that is being filled, and the frame of PCM before which the slice ends.
  private var slice = 0
  private var end = 0
  /// The largest magnitude of each channel in the slice that is being filled.
  private var largest: [UInt32]
  /// The levels of the slices that are full and not taken, interleaved.
  private var levels: [UInt8] = []

  /// - Parameters:
  ///   - channels: of the sound: 1 to 255.
  ///   - inputRate: samples per second of the sound.
  ///   - samplesPerSlice: the length of a slice, in samples of `sampleRate`.
  ///   - sampleRate: nil is the rate of the sound.
  ///   - delay: samples of `sampleRate` by which the sound is later in the slices.
  ///   - capacity: the slices for which there is memory from the beginning.
  package init(
    channels: Int, inputRate: Int, samplesPerSlice: Int, sampleRate: Int? = nil, delay: Int = 0, capacity: Int = 0
  ) {
    self.channels = channels
    self.inputRate = inputRate
    self.samplesPerSlice = samplesPerSlice
    self.sampleRate = sampleRate ?? inputRate
    self.delay = delay
    largest = [UInt32](repeating: 0, count: channels)
    levels.reserveCapacity(capacity * channels)
    end = endOfSlice()
    // Before the first sample there is silence.
    while end <= 0 { endSlice() }
  }

  /// Takes the interleaved frames of PCM that follow, at full scale 2^31.
  package mutating func observe(_ block: ArraySlice<Int32>) {
    var start = block.startIndex
    while start < block.endIndex {
      let stop = min(block.endIndex, start + (end - position) * channels)
      for channel in 0..<channels {
        var peak = largest[channel]
        for index in stride(from: start + channel, to: stop, by: channels) { peak = max(peak, block[index].magnitude) }
        largest[channel] = peak
      }
      position += (stop - start) / channels
      start = stop
      while position >= end { endSlice() }
    }
  }

  /// Takes the slices before slice `end`, counted from the beginning, that nobody has taken. A slice that is not full has
  /// the level of its sound until now; a slice that has not begun is silent.
  package mutating func take(through end: Int) -> Peaks {
    let wanted = max(0, end - taken) * channels
    var part = Array(levels.prefix(wanted))
    if part.count < wanted { part += largest.map(Self.level) }
    part += [UInt8](repeating: 0, count: max(0, wanted - part.count))
    levels.removeFirst(min(wanted, levels.count))
    taken = max(taken, end)
    return Peaks(channels: channels, samplesPerSlice: samplesPerSlice, sampleRate: sampleRate, levels: part)
  }

  /// The slices that were taken.
  private var taken = 0

  private mutating func endSlice() {
    // A slice that was taken before it was full is not there a second time.
    if slice >= taken { for channel in 0..<channels { levels.append(Self.level(largest[channel])) } }
    for channel in 0..<channels { largest[channel] = 0 }
    slice += 1
    end = endOfSlice()
  }

  private func endOfSlice() -> Int { ((slice + 1) * samplesPerSlice - delay) * inputRate / sampleRate }

  /// 8 bits of a magnitude of 0 to 2^31, rounded up.
  private static func level(_ magnitude: UInt32) -> UInt8 {
    UInt8(min(255, (UInt64(magnitude) * 255 + (1 << 31) - 1) >> 31))
  }
}
