/// The outline of a sound, from which a page draws a waveform: for each slice of time, the largest absolute sample of each
/// channel, in 8 bits.
///
/// The binary form (`docs/waveform.md`) is a head of 12 bytes and the levels. Numbers are big-endian. Bytes 0 to 3 are
/// `pks1`, byte 4 is the number of channels, bytes 5 to 7 are the samples of a slice, and bytes 8 to 11 are the samples per
/// second. The levels follow slice by slice, one byte for each channel.
package struct Peaks: Equatable, Sendable {
  /// The bytes of the head.
  package static let headLength = 12
  private static let mark = Array("pks1".utf8)

  /// 1 to 255.
  package let channels: Int
  /// Samples of a slice, for each channel: 1 to 2^24 - 1.
  package let samplesPerSlice: Int
  /// Samples per second: 1 to 2^32 - 1.
  package let sampleRate: Int
  /// Slice by slice, interleaved: 255 is full scale, and only a slice of digital silence has 0.
  package let levels: [UInt8]

  /// - Parameter levels: a whole number of slices.
  package init(channels: Int, samplesPerSlice: Int, sampleRate: Int, levels: [UInt8]) {
    precondition((1...255).contains(channels) && levels.count.isMultiple(of: channels), "whole slices")
    precondition(
      (1..<(1 << 24)).contains(samplesPerSlice) && (1..<(1 << 32)).contains(sampleRate), "a length of a slice")
    (self.channels, self.samplesPerSlice, self.sampleRate) = (channels, samplesPerSlice, sampleRate)
    self.levels = levels
  }

  /// Reads the binary form; nil for any other bytes.
  package init?(_ bytes: ArraySlice<UInt8>) {
    let head = Array(bytes.prefix(Self.headLength))
    guard head.count == Self.headLength, head.starts(with: Self.mark) else { return nil }
    func number(_ range: Range<Int>) -> Int { head[range].reduce(0) { $0 << 8 | Int($1) } }
    let (channels, samplesPerSlice, sampleRate) = (number(4..<5), number(5..<8), number(8..<12))
    let levels = bytes.dropFirst(Self.headLength)
    guard channels > 0, samplesPerSlice > 0, sampleRate > 0, levels.count.isMultiple(of: channels) else { return nil }
    self.init(
      channels: channels, samplesPerSlice: samplesPerSlice, sampleRate: sampleRate, levels: Array(levels))
  }

  /// The binary form.
  package var bytes: [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }
    return Self.mark + [UInt8(channels)] + number(samplesPerSlice, 3) + number(sampleRate, 4) + levels
  }

  /// The slices.
  package var count: Int { levels.count / channels }

  /// A coarser outline: each slice of it covers `slices` of this one, and the last one those that are left. The longer slice
  /// must have fewer than 2^24 samples.
  package func coarser(by slices: Int) -> Peaks {
    let wide = slices * channels
    let coarse = stride(from: 0, to: levels.count, by: wide).flatMap { start in
      let part = levels[start..<min(start + wide, levels.count)]
      return (0..<channels).map { channel in
        stride(from: part.startIndex + channel, to: part.endIndex, by: channels).reduce(0) { max($0, part[$1]) }
      }
    }
    return Peaks(
      channels: channels, samplesPerSlice: samplesPerSlice * slices, sampleRate: sampleRate, levels: coarse)
  }
}
